using Actors.Sim.Scenarios;
using Actors.Sim.Scenarios.Yaml;
using Actors.Yaml;

namespace Actors.Sim.Tests.Traces;

internal sealed class RecordedAmountTests
{
    [TestCase("", "1:1: the recording contains no values: expected lines of 'seconds,KiB'")]
    [TestCase("5;1", "1:1: expected 'seconds,KiB', found '5;1'")]
    [TestCase("seconds,KiB\nsoon,1", "2:1: expected a number of seconds, found 'soon'")]
    [TestCase("0,1\n5,many", "2:3: expected a number of KiB, found 'many'")]
    [TestCase("0,1\n-5,1", "2:1: expected a number of seconds, found '-5'")]
    [TestCase("5,1\n4,2", "2:1: time runs backwards: 4 s comes after 5 s; each moment must be later than the one before")]
    [TestCase("5,1\n5,2", "2:1: time runs backwards: 5 s comes after 5 s; each moment must be later than the one before")]
    [TestCase("0,1\n10,1\n20,1\n60,1\n70,1", "4:1: a gap: nothing was recorded from 20 s to 60 s, and the interval is 10s; split the recording here, or give its 'interval'")]
    public void A_broken_recording_is_reported_with_its_line_and_column(string text, string error) =>
        Assert.That(Problems(text), Is.EqualTo(new[] { $"load.csv:{error}" }));

    [Test]
    public void All_errors_of_a_recording_are_reported_at_once() => Assert.That(
        Problems("# from dom0\nseconds,KiB\n0,1\n10,1\n20,x\n20,1\n90,1\n80,1").Select(problem => problem.Split(':', 4)[3].Trim().Split(' ')[0] + problem.Split(':')[1]),
        Is.EqualTo(new[] { "expected5", "a7", "time8" }));

    [TestCase("0,1\n10,1\n1000,1", TestName = "Irregular moments have no gaps")]
    [TestCase("0,1\n10,1\n20.9,1\n30,1\n44.9,1\n50,1", TestName = "A sample may be late")]
    [TestCase("0,1", TestName = "One value is enough")]
    public void What_the_interval_explains_is_no_gap(string text) => Assert.That(Problems(text), Is.Empty);

    [Test]
    public void A_given_interval_decides_what_a_gap_is()
    {
        Assert.That(Problems("0,1\n10,1\n20,1\n60,1", TimeSpan.FromMinutes(1)), Is.Empty);
        Assert.That(Problems("0,1\n10,1\n1000,1", TimeSpan.FromMinutes(1)), Has.One.Contains("a gap"));
    }

    [Test]
    public void A_scenario_reports_the_errors_of_its_recordings_at_the_key_that_names_the_file()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (csv, file) = (Path.Combine(folder.FullName, "load.csv"), Path.Combine(folder.FullName, "s.yaml"));
            File.WriteAllText(csv, "0,1\n10,2\n5,3\n15,x\n");
            File.WriteAllText(file, "domains:\n  - { name: a, memory: 1GiB, workload: { working_set: { shape: csv, file: load.csv } } }\n  - { name: b, memory: 1GiB, workload: { cold_set: { shape: csv, file: none.csv } } }\n");

            Assert.That(() => ScenarioFile.Load(file), Throws.InstanceOf<ScenarioException>().With.Message.Matches(
                $@"^{file}:2:75: {csv}:3:1: time runs backwards: .*\n{file}:2:75: {csv}:4:4: expected a number of KiB, found 'x'\n{file}:3:72: cannot read the recording: "));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Problems(string text, TimeSpan? interval = null)
    {
        var problems = new YamlProblems("load.csv");
        RecordedCsv.Parse(text.Split('\n'), interval, problems);
        return problems.InOrder.Select(problem => problem.ToString());
    }
}
