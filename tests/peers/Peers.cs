namespace Actors.Peers;

/// <summary>
/// Starts real components for tests. If one is missing, the test is ignored with the name of its package;
/// in CI it fails, because there every test must run.
/// </summary>
internal static class Peers
{
    public static async Task<T> NeedAsync<T>(Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (MissingPeerException missing) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Ignore(missing.Message);
            throw;
        }
    }

    public static Task<RealXenStore> NeedAsync(Daemon daemon) => NeedAsync(() => RealXenStore.StartAsync(daemon));
}
