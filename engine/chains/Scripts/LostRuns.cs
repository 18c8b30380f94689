using Actors.Chains.Scripts.Running;

namespace Actors.Chains.Scripts;

/// <summary>Begins again what was lost through no fault of its script.</summary>
internal static class LostRuns
{
    private const int MaxTries = 3;

    /// <summary>Runs a script, and again as long as something else ends its process.</summary>
    /// <param name="run">Runs it from the start.</param>
    /// <param name="log">Receives what happened before each new try.</param>
    /// <exception cref="ScriptLostException">Nobody knows why, and it happened too often.</exception>
    public static async Task<T> AgainAsync<T>(Func<Task<T>> run, Action<string> log)
    {
        for (var unexplained = 0; ;)
        {
            try
            {
                return await run();
            }
            catch (ScriptLostException lost) when (lost.IsExplained || ++unexplained < MaxTries)
            {
                log(lost.Message);
            }
        }
    }
}
