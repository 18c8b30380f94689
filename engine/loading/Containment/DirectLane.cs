using System.Diagnostics.CodeAnalysis;

namespace Actors.Loading.Containment;

/// <summary>
/// Runs a plugin's code on its caller's thread: plugins that ship with Actors, which are trusted not to hold it, and every plugin on the
/// loop of a simulated clock, where everything runs on one thread and in order.
/// </summary>
internal sealed class DirectLane(PluginHealth health) : ICallLane
{
    public ILaneCall<T> Begin<T>(Func<ILaneCall, CancellationToken, Task<T>> code, CancellationToken cancellation)
    {
        var call = new Call<T>(health);
        call.Begin(code, cancellation);
        return call;
    }

    [SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing, and abandoned code may still use its token.")]
    private sealed class Call<T>(PluginHealth health) : ILaneCall<T>
    {
        private readonly CancellationTokenSource _cancel = new();
        private CancellationTokenRegistration _registration;

        public Task<T> Ended { get; private set; } = null!;

        public void Begin(Func<ILaneCall, CancellationToken, Task<T>> code, CancellationToken cancellation)
        {
            _registration = cancellation.UnsafeRegister(static call => ((Call<T>)call!).Run(((Call<T>)call)._cancel.Cancel), this);
            Ended = RunAsync(code);
        }

        public void Abandon() => _ = Ended.ContinueWith(
            static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        public void Run(Action code)
        {
            try
            {
                code();
            }
            catch (Exception error)
            {
                health.Fault(Faults.OutsideCall(error));
            }
        }

        private async Task<T> RunAsync(Func<ILaneCall, CancellationToken, Task<T>> code)
        {
            using (_registration)
                return await code(this, _cancel.Token);
        }
    }
}
