using System.Runtime.ExceptionServices;

namespace Actors.Loading.OwnMechanisms;

/// <summary>Ends several things of a plugin, whose code may throw.</summary>
internal static class Endings
{
    /// <summary>Ends each one, whatever the others do, and throws the first exception of one afterwards.</summary>
    public static async Task AllAsync<T>(IEnumerable<T> all, Func<T, ValueTask> end)
    {
        Exception? first = null;
        foreach (var one in all)
        {
            try
            {
                await end(one);
            }
            catch (Exception error)
            {
                first ??= error;
            }
        }
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }
}
