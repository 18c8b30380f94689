using Actors.Sdk;

namespace Actors.Balloon;

/// <summary>
/// What <c>memory/target</c> was before this actor first touched it, so that a release can undo it. Kept in xenstore, because
/// the host may be another process by then.
/// </summary>
internal static class BalloonMemory
{
    private const string Key = "memory-policy/balloon/found";

    public static ValueTask<Kib?> FoundAsync(IDomain domain, CancellationToken cancellation) =>
        domain.Store.ReadKibAsync(Key, cancellation);

    public static async ValueTask RememberAsync(IDomain domain, Kib? target, CancellationToken cancellation)
    {
        if (target is { } found && await FoundAsync(domain, cancellation) is null)
            await domain.Store.WriteKibAsync(Key, found, cancellation);
    }

    public static ValueTask ForgetAsync(IDomain domain, CancellationToken cancellation) =>
        domain.Store.RemoveAsync(Key, cancellation);
}
