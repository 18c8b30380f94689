using System.Diagnostics;

namespace Actors.XenVm.Tests;

public sealed class UnitTests
{
    [Test]
    public async Task Systemd_accepts_the_unit_in_the_package()
    {
        var start = new ProcessStartInfo(Path.Combine(Scenarios.Home, "unit.sh")) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var message = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Prerequisites.IgnoreIfMissing(process.ExitCode, message);
        Assert.That(process.ExitCode, Is.Zero, message);
    }
}
