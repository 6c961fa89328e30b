import { Backoff } from '../../src/workload-api/backoff';
import type { Call, CallHandlers } from '../../src/workload-api/grpc/call';
import { StreamWatch, type WatchedStream } from '../../src/workload-api/stream-watch';
import { WorkloadApiError } from '../../src/workload-api/workload-api-error';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test.each<[string, () => string]>([
  ['read', () => 'state'],
  [
    'discarded',
    () => {
      throw new Error('there is another thing that cannot be read');
    },
  ],
])(
  'a watch that is closed in onError, about what a message leaves out, is over, though the message is %s',
  async (_, end) => {
    const opened: CallHandlers[] = [];
    const call = { cancel: jest.fn(), setRef: () => undefined };
    const backoff = new Backoff({ initialMs: 1_000, maxMs: 1_000 });
    const stream: WatchedStream<string> = {
      open: (handlers) => {
        opened.push(handlers);
        return call as unknown as Call;
      },
      read: (_message, leftOut) => {
        leftOut(new Error('one thing cannot be read'));
        return end();
      },
      error: ({ code, reason }) => new WorkloadApiError(code, reason),
      denied: backoff,
      backoff,
    };
    const onUpdate = jest.fn();
    const onError = jest.fn(() => watch.close());
    const watch: StreamWatch<string> = new StreamWatch(stream, { onUpdate, onError });
    opened[0]?.onMessages([Buffer.from('older'), Buffer.from('newer')]);
    await watch.done;
    jest.advanceTimersByTime(60_000);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(onUpdate).not.toHaveBeenCalled();
    expect(call.cancel).toHaveBeenCalledTimes(1);
    expect(opened).toHaveLength(1);
  },
);
