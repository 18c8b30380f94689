using System.Text;
using Actors.Sdk;
using Actors.Sim.Persistence;
using Actors.Sim.Scenarios.Yaml;
using Actors.XenStore;

namespace Actors.Sim.Tests;

internal sealed class MachineFileTests
{
    private const string One = "domains: [ { name: web, memory: 1GiB } ]";

    private string _folder = null!;

    private string Machine => Path.Combine(_folder, "socket.machine");

    [SetUp]
    public void Open() => _folder = Directory.CreateTempSubdirectory("actors-machine-").FullName;

    [TearDown]
    public void Close() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void A_machine_that_is_switched_off_leaves_nothing()
    {
        Run(async process =>
        {
            await process.Clock.After(5);
            process.Persistence.SwitchOff();
            await process.Dom0.WriteTextAsync("/after", "1");
            await process.Clock.After(5);
        });
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
        Assert.That(Run().Resumed, Is.Null);
    }

    [Test]
    public void A_new_machine_starts_when_it_is_requested()
    {
        Run(async process => await process.Dom0.WriteTextAsync("/mine", "1"));
        var fresh = MachineProcess.Run(Machine, One, async process => Assert.That(await process.Dom0.TryReadAsync("/mine"), Is.Null), fresh: true);
        Assert.That((fresh.Resumed, fresh.Warnings.Count), Is.EqualTo(((int?)null, 0)));
        Run(async process => Assert.That(await process.Dom0.TryReadAsync("/mine"), Is.Null));
    }

    [Test]
    public void A_truncated_last_line_is_ignored_and_reported()
    {
        Run(async process =>
        {
            await process.Dom0.WriteTextAsync("/first", "1");
            await process.Dom0.WriteTextAsync("/second", "2");
        });
        using (var file = File.OpenWrite(Machine))
            file.SetLength(file.Length - 3);
        var again = Run(async process =>
        {
            Assert.That(await process.ReadAsync("/first"), Is.EqualTo("1"));
            Assert.That(await process.Dom0.TryReadAsync("/second"), Is.Null);
        });
        Assert.That(again.Resumed, Is.EqualTo(1));
        Assert.That(again.Warnings.Single(), Does.Contain("the last line of ").And.Contain(" is incomplete"));
    }

    [Test]
    public void The_machine_of_another_scenario_is_not_restored_and_the_reason_is_reported()
    {
        Run();
        var other = MachineProcess.Run(Machine, $"{One} # changed", process => process.Clock.After(1));
        Assert.That(other.Resumed, Is.Null);
        Assert.That(other.Warnings, Is.EqualTo(new[]
        {
            $"starting a new simulated machine; the machine of a killed daemon in {Machine} cannot be restored: "
            + "it played another scenario, or this one before it was changed",
        }));
    }

    [TestCase("", "the file is truncated")]
    [TestCase("no json\n", "line 1 is damaged")]
    [TestCase("0123456789abcdef {\"is\":\"machine\",\"version\":2,\"scenario\":\"\"}\n", "line 1 is damaged")]
    public void A_file_that_is_no_machine_is_reported_and_set_aside(string text, string reason)
    {
        File.WriteAllText(Machine, text);
        var first = Run();
        Assert.That(first.Resumed, Is.Null);
        Assert.That(first.Warnings[0], Does.EndWith($"cannot be restored: {reason}"));
        Assert.That(first.Warnings[1], Is.EqualTo($"the damaged file was renamed to {Machine}.damaged"));
        Assert.That(File.ReadAllText($"{Machine}.damaged"), Is.EqualTo(text));
        Assert.That(Run().Resumed, Is.EqualTo(1));
    }

    [TestCase("{\"is\":\"machine\",\"version\":1,\"scenario\":\"\"}\n", 1)]
    [TestCase(null, 3)]
    public void The_file_of_another_version_is_reported_and_replaced(string? text, int version)
    {
        File.WriteAllText(Machine, text ?? Text(new MachineHeader(version, "")));
        Assert.That(Run().Warnings.Single(), Does.EndWith($"it was written by another version of this program ({version}, not 2)"));
        Assert.That(Run().Resumed, Is.EqualTo(1));
    }

    [Test]
    public void A_change_anywhere_in_the_file_prevents_the_restoration()
    {
        Run(async process => await process.Dom0.WriteTextAsync("/mine", "1"));
        var bytes = File.ReadAllBytes(Machine);
        for (var at = 0; at < bytes.Length - 1; at += 7)
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            File.WriteAllBytes(Machine, changed);
            Assert.That(MachineReader.Read(Machine, ScenarioFile.Parse(One, "machine.yaml")).Image, Is.Null, $"byte {at}");
        }
    }

    [Test]
    public void A_missing_line_prevents_the_restoration()
    {
        Run(async process => await process.Dom0.WriteTextAsync("/mine", "1"));
        var lines = File.ReadAllLines(Machine);
        for (var missing = 0; missing < lines.Length - 1; missing++)
        {
            File.WriteAllLines(Machine, lines.Where((_, index) => index != missing));
            Assert.That(MachineReader.Read(Machine, ScenarioFile.Parse(One, "machine.yaml")), Has.Property("Image").Null.And.Property("Damaged").True, $"line {missing + 1}");
        }
    }

    [Test]
    public void A_file_without_its_end_mark_is_not_half_used()
    {
        Run();
        var complete = Array.FindIndex(File.ReadAllLines(Machine), line => line.EndsWith("{\"is\":\"complete\"}", StringComparison.Ordinal));
        Assert.That(complete, Is.GreaterThan(2));
        File.WriteAllLines(Machine, File.ReadAllLines(Machine).Take(complete));
        Assert.That(Run().Warnings[0], Does.EndWith("cannot be restored: the file is truncated"));
    }

    [Test]
    public void It_does_not_grow_forever()
    {
        var value = new string('x', 3000);
        Run(async process =>
        {
            for (var i = 0; i < 4000; i++)
                await process.Dom0.WriteTextAsync("/mine", $"{i}{value}");
            Assert.That(new FileInfo(Machine).Length, Is.LessThan(5_000_000));
        });
        Run(async process => Assert.That(await process.ReadAsync("/mine"), Is.EqualTo($"3999{value}")));
    }

    [Test]
    public void Only_its_owner_can_access_it()
    {
        Run();
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(Machine), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_file_that_cannot_be_written_is_reported_once_and_affects_nothing_else()
    {
        Directory.CreateDirectory(Machine);
        var process = Run(async process => await process.Dom0.WriteTextAsync("/mine", "1"));
        Assert.That(process.Warnings.Single(), Does.Contain("will not survive a crash"));
    }

    [Test]
    public void Domains_of_different_moments_never_hold_more_than_the_machine_has()
    {
        const string Two = """
            host: { memory: 2GiB, dom0_memory: 512MiB }
            domains:
              - { name: a, memory: 1GiB }
              - { name: b, memory: 256MiB, static_max: 1GiB }
            """;
        MachineProcess.Run(Machine, Two, process => process.Clock.After(3));
        var sums = new MachineLines();
        var lines = File.ReadAllLines(Machine).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            .Select(json => json.Contains("\"name\":\"b\"", StringComparison.Ordinal)
                ? json.Replace("\"populated\":65280", "\"populated\":261888", StringComparison.Ordinal) : json);
        File.WriteAllBytes(Machine, [.. lines.SelectMany(json => sums.Write(Encoding.UTF8.GetBytes(json)))]);
        MachineProcess.Run(Machine, Two, async process =>
        {
            var memory = await process.Host.GetHostMemoryAsync();
            Assert.That(memory.Free, Is.EqualTo(Kib.Zero));
            Assert.That(process.Domain("b").Info.Footprint, Is.EqualTo(Kib.FromMiB(512)));
        });
    }

    private static string Text(MachineEntry entry) => Encoding.UTF8.GetString(new MachineLines().Write(entry));

    private MachineProcess Run(Func<MachineProcess, Task>? test = null) =>
        MachineProcess.Run(Machine, One, test ?? (process => process.Clock.After(3)));
}
