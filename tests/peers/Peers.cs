namespace Actors.Peers;

/// <summary>
/// Real components in tests: where one is missing, the test is ignored and says which package brings it;
/// in CI it fails, since there everything must run.
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
