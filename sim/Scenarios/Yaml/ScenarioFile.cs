using System.Security.Cryptography;
using System.Text;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads scenarios from files.</summary>
internal static class ScenarioFile
{
    /// <summary>Reads a scenario's file; recorded workloads are files beside it.</summary>
    /// <exception cref="ScenarioException">Something is wrong in it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Scenario Load(string file) => Parse(File.ReadAllText(file), file);

    /// <summary>Reads a scenario from text; the file's name is for its errors, and to find what lies beside it.</summary>
    /// <exception cref="ScenarioException">Something is wrong in it.</exception>
    public static Scenario Parse(string text, string file)
    {
        var problems = new YamlProblems(file);
        var scenario = ScenarioYaml.Parse(text, Path.GetDirectoryName(file) ?? "", problems);
        if (scenario is null)
            throw new ScenarioException(problems.InOrder);
        return scenario with { Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))) };
    }
}
