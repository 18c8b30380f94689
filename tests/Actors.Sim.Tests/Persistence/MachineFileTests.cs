using Actors.Sdk;
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
    public void A_truncated_last_line_is_ignored()
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
        Assert.That((again.Resumed, again.Warnings.Count), Is.EqualTo(((int?)1, 0)));
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
    [TestCase("no json\n", "line 1 is malformed")]
    [TestCase("{\"is\":\"moment\"}\n", "line 1 is malformed")]
    [TestCase("{\"is\":\"machine\",\"version\":2,\"scenario\":\"\"}\n", "it was written by another version of this program (2, not 1)")]
    public void A_file_that_is_no_machine_is_reported_and_replaced(string text, string reason)
    {
        File.WriteAllText(Machine, text);
        var first = Run();
        Assert.That(first.Resumed, Is.Null);
        Assert.That(first.Warnings.Single(), Does.EndWith($"cannot be restored: {reason}"));
        Assert.That(Run().Resumed, Is.EqualTo(1));
    }

    [TestCase("no json")]
    [TestCase("null")]
    [TestCase("{\"is\":\"unheard-of\"}")]
    [TestCase("{\"is\":\"node\",\"path\":\"/a\"}")]
    [TestCase("{\"is\":\"domain\",\"domid\":7,\"name\":\"web\"}")]
    public void One_malformed_line_prevents_the_restoration(string line)
    {
        Run();
        File.AppendAllText(Machine, $"{line}\n{{\"is\":\"node-gone\",\"path\":\"/a\"}}\n");
        Assert.That(Run().Warnings.Single(), Does.Match(@"cannot be restored: line \d+ is malformed$"));
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
        var lines = File.ReadAllLines(Machine);
        for (var i = 0; i < lines.Length; i++)
            if (lines[i].Contains("\"name\":\"b\"", StringComparison.Ordinal))
                lines[i] = lines[i].Replace("\"populated\":65280", "\"populated\":261888", StringComparison.Ordinal);
        File.WriteAllText(Machine, string.Join('\n', lines) + '\n');
        MachineProcess.Run(Machine, Two, async process =>
        {
            var memory = await process.Host.GetHostMemoryAsync();
            Assert.That(memory.Free, Is.EqualTo(Kib.Zero));
            Assert.That(process.Domain("b").Info.Footprint, Is.EqualTo(Kib.FromMiB(512)));
        });
    }

    private MachineProcess Run(Func<MachineProcess, Task>? test = null) =>
        MachineProcess.Run(Machine, One, test ?? (process => process.Clock.After(3)));
}
