using System.Security.Cryptography;
using System.Text;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads scenarios from files.</summary>
internal static class ScenarioFile
{
    /// <summary>Reads a scenario from a file. Recorded workloads are files in the same folder.</summary>
    /// <exception cref="ScenarioException">The scenario has errors.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scenario Load(string file) => Parse(WorldFile.Read(file), file);

    /// <summary>Reads a scenario that must expect something.</summary>
    /// <exception cref="ScenarioException">The scenario has errors, or expects nothing.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Scenario LoadTest(string file)
    {
        var scenario = Load(file);
        return scenario.Expectations.Count > 0 ? scenario : throw new ScenarioException(
            [new YamlProblem(file, 1, 1, "'expect' is missing: there is nothing to test ('expect: [ { domain: web, outcome: reached } ]')")]);
    }

    /// <summary>Reads a scenario from text. The file name is used in error messages and to find the files next to it.</summary>
    /// <exception cref="ScenarioException">The scenario has errors.</exception>
    public static Scenario Parse(string text, string file)
    {
        var problems = new YamlProblems(file);
        var scenario = ScenarioYaml.Parse(text, Path.GetDirectoryName(file) ?? "", problems);
        if (scenario is null)
            throw new ScenarioException(problems.InOrder);
        return scenario with { Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) };
    }
}
