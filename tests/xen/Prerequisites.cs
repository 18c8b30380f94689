namespace Actors.XenVm.Tests;

/// <summary>Ignores a test for which a program is missing; the message names its package. In CI, everything must run.</summary>
internal static class Prerequisites
{
    // The exit status of a test that was skipped, as in automake.
    private const int Status = 77;

    public static void IgnoreIfMissing(int status, string message)
    {
        if (status == Status && Environment.GetEnvironmentVariable("CI") != "true")
            Assert.Ignore(message);
    }
}
