import { Inspector } from '../clients/inspector.ts';
import type { CpuProfile } from './cpu-profile.ts';

const samplingIntervalUs = 250;

/** Where the main thread of a server spends its time during `work`. @param inspectorUrl what Node prints under `--inspect` */
export async function profiled(inspectorUrl: Promise<string>, work: () => Promise<unknown>): Promise<CpuProfile> {
  const inspector = await Inspector.connect(await inspectorUrl);
  try {
    await inspector.call('Profiler.enable');
    await inspector.call('Profiler.setSamplingInterval', { interval: samplingIntervalUs });
    await inspector.call('Profiler.start');
    await work();
    return (await inspector.call<{ profile: CpuProfile }>('Profiler.stop')).profile;
  } finally {
    inspector.close();
  }
}
