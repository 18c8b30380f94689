using System.Globalization;
using System.Text.RegularExpressions;

namespace Actors.Host.Tests.Packaging;

/// <summary>How much the daemon could do to the host, as systemd rates its unit. 0 is best and 10 is worst.</summary>
internal sealed partial class UnitSecurityTests
{
    private const double Worst = 1.4;

    [Test]
    public async Task Systemd_rates_the_exposure_of_the_unit_at_1_4_or_better()
    {
        var report = await UnitFile.RunAsync("systemd-analyze", "systemd", "security", "--offline=true", "--no-pager", UnitFile.Path);

        var rating = double.Parse(Rating().Match(report).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.That(rating, Is.LessThanOrEqualTo(Worst), report);
    }

    [Test]
    public void A_pager_is_the_last_to_be_killed_when_memory_is_short_and_a_killed_process_does_not_stop_the_daemon() => Assert.Multiple(() =>
    {
        Assert.That(int.Parse(UnitFile.Values("OOMScoreAdjust").Single(), CultureInfo.InvariantCulture), Is.Negative);
        Assert.That(UnitFile.Values("OOMPolicy"), Is.EqualTo(["continue"]));
        Assert.That(UnitFile.Values("KillMode"), Is.EqualTo(["process"]));
    });

    [Test]
    public void Systemd_restarts_the_daemon_except_after_a_mistake_of_the_operator() => Assert.Multiple(() =>
    {
        Assert.That(UnitFile.Values("Restart"), Is.EqualTo(["always"]));
        Assert.That(UnitFile.Values("RestartPreventExitStatus"), Is.EqualTo([$"{Cli.CommandLine.ExitCode.Usage} {Cli.CommandLine.ExitCode.InvalidConfiguration}"]));
        Assert.That(UnitFile.Values("StartLimitBurst"), Is.EqualTo(["10"]));
    });

    [GeneratedRegex(@"exposure level for actors\.service: ([0-9.]+)")]
    private static partial Regex Rating();
}
