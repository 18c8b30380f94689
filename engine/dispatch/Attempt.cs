using Actors.XenStore;

namespace Actors.Dispatch;

/// <summary>Does a piece of work whose failure must not stop the others.</summary>
internal static class Attempt
{
    /// <param name="what">What goes wrong if the work fails.</param>
    /// <param name="work">The work. It returns a problem in words if there is one.</param>
    /// <returns>The problem in words, if there was one.</returns>
    /// <exception cref="XenStoreConnectionException">The store is away.</exception>
    public static async Task<string?> RunAsync(string what, Func<Task<string?>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is not (OperationCanceledException or XenStoreConnectionException))
        {
            return $"{what}: {error.Message}";
        }
    }

    public static Task<string?> RunAsync(string what, Func<Task> work) => RunAsync(what, async () =>
    {
        await work();
        return (string?)null;
    });
}
