/** Empty stand-in: the names that `@azure/communication-react` imports, so that its chat loads. Nothing here can call. */

function absent(name) {
  return function () {
    throw new Error(`${name} is absent: @azure/communication-calling is an empty stand-in here, made for chat alone.`);
  };
}

export const CallClient = absent('CallClient');
export const LocalVideoStream = absent('LocalVideoStream');
export const VideoStreamRenderer = absent('VideoStreamRenderer');
export const Features = Object.freeze({});
export const DiagnosticQuality = Object.freeze({});
