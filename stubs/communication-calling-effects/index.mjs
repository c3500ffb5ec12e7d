/** Empty stand-in: the names that `@azure/communication-react` imports, so that its chat loads. Nothing here changes sound or picture. */

function absent(name) {
  return function () {
    throw new Error(`${name} is absent: @azure/communication-calling-effects is an empty stand-in here, made for chat alone.`);
  };
}

export const BackgroundBlurEffect = absent('BackgroundBlurEffect');
export const BackgroundReplacementEffect = absent('BackgroundReplacementEffect');
export const DeepNoiseSuppressionEffect = absent('DeepNoiseSuppressionEffect');
