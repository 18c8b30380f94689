using System.Text;
using Actors.Chains.Files;
using Actors.Cli.CommandLine;
using Actors.Cli.Settings;
using Actors.Dispatch.Files;
using Actors.Host.Settings;
using Actors.Yaml;

namespace Actors.Host.Commands;

/// <summary>Reads the configuration of the host.</summary>
internal static class ConfigurationFile
{
    /// <summary>The file that is read without an option; <see langword="null"/> if there is none.</summary>
    public static string? Default => File.Exists(HostPaths.Configuration) ? HostPaths.Configuration : null;

    /// <summary>Reads the file.</summary>
    /// <param name="path">The file; <see langword="null"/> if there is none.</param>
    /// <exception cref="CommandException">The file is broken.</exception>
    public static HostConfiguration Read(string? path)
    {
        if (path is null)
            return new HostConfiguration();
        var problems = new YamlProblems(path);
        return PolicyText.Read(path, problems) is { } text && Parse(text, path, problems, names: null) is { } file ? file : throw Invalid(problems);
    }

    /// <summary>Reads the file. If it is broken, its last good version is used.</summary>
    /// <param name="path">The file; <see langword="null"/> if there is none.</param>
    /// <param name="lastGood">The last good versions.</param>
    /// <param name="warn">Receives what is wrong with the file while its last good version is used.</param>
    /// <param name="names">The names of the policies and actors in the folders of policies and of plugins that the file sets.</param>
    /// <exception cref="CommandException">The file is broken, and there is no good version of it.</exception>
    public static HostConfiguration Read(string? path, LastGoodFiles lastGood, Action<string> warn, Func<string?, string?, IReadOnlyCollection<string>>? names = null)
    {
        if (path is null)
            return new HostConfiguration();
        var problems = new YamlProblems(path);
        if (PolicyText.Read(path, problems) is { } text && Parse(text, path, problems, names) is { } file)
        {
            lastGood.Store(path, Encoding.UTF8.GetBytes(text));
            return file;
        }
        // A policy that a class names may have been removed since; the domains of that class then report it.
        if (lastGood.Find(path) is { } copy && Parse(Encoding.UTF8.GetString(copy), path, new YamlProblems(path), names: null) is { } before)
        {
            warn($"the configuration is broken, so its last good version is used: {string.Join("; ", problems.InOrder)}");
            return before;
        }
        throw Invalid(problems);
    }

    private static CommandException Invalid(YamlProblems problems) =>
        new(ExitCode.InvalidConfiguration, problems.InOrder.Select(problem => problem.ToString()).Prepend("the configuration is invalid:"));

    private static HostConfiguration? Parse(string text, string path, YamlProblems problems, Func<string?, string?, IReadOnlyCollection<string>>? names) =>
        HostConfiguration.Parse(text, Path.GetDirectoryName(Path.GetFullPath(path))!, problems, names);
}
