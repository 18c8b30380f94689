using System.CommandLine;
using Actors.Chains.Files;
using Actors.Chains.Yaml;
using Actors.Cli.CommandLine;

namespace Actors.Host.Commands.Policies;

/// <summary><c>actors policy new</c>: writes a first version of a policy, and its tests.</summary>
internal static class PolicyNewCommand
{
    public static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "The name of the policy; domains select it as xl:NAME" };
        var script = new Option<bool>("--script") { Description = "A C# script (NAME.csx) instead of YAML" };
        var folder = FolderOptions.Policies();
        var command = new Command("new", "Write a policy with comments, and tests that pass") { name, script, folder };
        command.SetAction((arguments, _) => Terminal.GuardAsync(() =>
            Task.FromResult(Write(arguments.GetRequiredValue(name), arguments.GetValue(script), arguments.GetValue(folder)!))));
        return command;
    }

    private static int Write(string name, bool script, string folder)
    {
        if (!PolicyYaml.IsName(name))
            throw new CommandException(ExitCode.Usage, $"'{name}' is not a valid policy name: {PolicyYaml.NameRule}");
        var stem = Path.Combine(folder, name);
        string[] taken = [stem + PolicyFile.Chain, stem + PolicyFile.Script, stem + PolicyFile.Test];
        if (taken.FirstOrDefault(File.Exists) is { } there)
            throw new CommandException(ExitCode.Failed, $"{there} already exists; nothing was written");
        Directory.CreateDirectory(folder);
        var file = stem + (script ? PolicyFile.Script : PolicyFile.Chain);
        Put(file, Template(script ? "new.csx" : "new.yaml").Replace("SCHEMA", SchemaFrom(folder), StringComparison.Ordinal));
        Put(stem + PolicyFile.Test, Template("new.test.yaml"));
        Terminal.Message($"next: edit the files, 'actors policy lint {file}', 'actors policy test {file}', and 'actors mem-policy DOMAIN xl:{name}'");
        return ExitCode.Ok;

        string Template(string resource) => ReadResource(resource).Replace("NAME", name, StringComparison.Ordinal);
    }

    private static void Put(string file, string text)
    {
        using (var writer = new StreamWriter(new FileStream(file, FileMode.CreateNew)))
            writer.Write(text);
        Terminal.Line(file);
    }

    // The path by which editors find the schema.
    private static string SchemaFrom(string folder) =>
        Path.GetRelativePath(Path.GetFullPath(folder), Path.Combine(AppContext.BaseDirectory, "docs", "policy.schema.json"));

    private static string ReadResource(string name)
    {
        using var reader = new StreamReader(typeof(PolicyNewCommand).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
