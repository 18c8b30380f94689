using Actors.Isolation.Messages;
using Actors.Isolation.Wire;

namespace Actors.Isolation.Processes;

/// <summary>The first notice of a child, which names its build.</summary>
/// <param name="build">The build that it must have.</param>
internal sealed class ChildGreeting(string build)
{
    public const string Upgraded = "the program was upgraded while the daemon runs; restart the daemon";

    private readonly TaskCompletionSource<HelloBody> _hello = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Receive(Frame hello) => _hello.TrySetResult(Body.Read(hello, WireJson.Default.HelloBody));

    /// <summary>Waits for the notice, and returns whether the child has the same build.</summary>
    /// <exception cref="ChildEndedException">The child ended before.</exception>
    public async Task<bool> FitsAsync(ChildProcess child)
    {
        await child.Started;
        return await Task.WhenAny(_hello.Task, child.Ended) == _hello.Task ? (await _hello.Task).Build == build : throw new ChildEndedException();
    }
}
