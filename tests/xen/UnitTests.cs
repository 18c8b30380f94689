using System.Diagnostics;

namespace Actors.XenVm.Tests;

public sealed class UnitTests
{
    [Test]
    public async Task Systemd_accepts_the_unit_in_the_package()
    {
        var start = new ProcessStartInfo(Path.Combine(Scenarios.Home, "unit.sh")) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        MissingHere.Ignore(process.ExitCode, said);
        Assert.That(process.ExitCode, Is.Zero, said);
    }
}
