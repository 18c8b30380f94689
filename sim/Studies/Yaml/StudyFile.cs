using Actors.Sim.Scenarios.Yaml;
using Actors.Yaml;

namespace Actors.Sim.Studies.Yaml;

/// <summary>Reads studies from files.</summary>
internal static class StudyFile
{
    /// <summary>Reads a study from a file.</summary>
    /// <param name="file">The path. A scenario and recorded workloads are found next to it.</param>
    /// <param name="policies">The names of the policies that variants may use.</param>
    /// <exception cref="StudyException">The study or its scenario has errors.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Study Load(string file, IReadOnlyCollection<string> policies) => Parse(WorldFile.Read(file), file, policies);

    /// <summary>Reads a study from text. The file name is used in error messages and to find the files next to it.</summary>
    /// <exception cref="StudyException">The study or its scenario has errors.</exception>
    public static Study Parse(string text, string file, IReadOnlyCollection<string> policies)
    {
        var problems = new YamlProblems(file);
        if (YamlFile.Parse(text, problems) is { } map)
        {
            var world = new StudyWorld(new YamlReader(map, problems), Path.GetDirectoryName(file) ?? "", problems);
            var study = StudyYaml.Read(new YamlReader(map, problems), world, policies);
            if (!problems.Any && world.Problems.Count == 0)
                return study;
            throw new StudyException([.. world.Problems, .. problems.InOrder]);
        }
        throw new StudyException(problems.InOrder);
    }
}
