using System.Security.Cryptography;
using Actors.Chains.Policies;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Yaml;
using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Yaml;

namespace Actors.Chains.Files;

/// <summary>Makes a version of a policy from its file. Everything that is wrong goes to the problems.</summary>
internal sealed class PolicyReader(ScriptCache? cache, ActorDirectory directory, TimeProvider time, ScriptLimits limits)
{
    /// <summary>The policies in a folder, in the order of their names; their tests and an editor's leavings are none.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) =>
        [.. PolicyFile.In(folder).Where(path => PolicyFile.KindOf(path) != PolicyFileKind.Test)];

    /// <summary>The file's bytes, if they may be read at all.</summary>
    public static byte[]? Bytes(string path, YamlProblems problems)
    {
        try
        {
            if (RegularFile.ProblemBehindLinks(path) is { } problem)
                problems.Add(new Mark(1, 1), problem);
            else if (!File.Exists(path))
                problems.Add(new Mark(1, 1), "there is no such file");
            else if (FileTrust.Refusal(path) is { } refusal)
                problems.Add(new Mark(1, 1), refusal);
            else if (new FileInfo(path).Length > YamlFile.MaxBytes)
                problems.Add(new Mark(1, 1), $"the file is larger than {YamlFile.MaxBytes / 1024 / 1024} MiB, the most that is read");
            else
                return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Mark(1, 1), error.Message);
        }
        return null;
    }

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];

    /// <summary><see langword="null"/> when something is wrong; with no problem told, when it waits for the compiler.</summary>
    public PolicyVersion? Read(string path, byte[] bytes, bool compiles, YamlProblems problems)
    {
        var engine = new ScriptEngine(cache, compiles);
        var (name, file) = (Path.GetFileNameWithoutExtension(path), Path.GetFileName(path));
        if (!PolicyYaml.IsName(name) && PolicyFile.KindOf(path) == PolicyFileKind.Script)
            problems.Add(new Mark(1, 1), PolicyYaml.WrongFileName(name));
        var health = new PolicyHealth(file);
        if (PolicyText.Decode(bytes, problems) is not { } text)
            return null;
        var content = PolicyFile.KindOf(path) == PolicyFileKind.Script ? OfScript(engine, name, file, text, health, problems) : OfYaml(engine, name, file, text, health, problems);
        return content is null || problems.Any || engine.LeftSome ? null : new PolicyVersion(name, Hash(bytes), content, health, time.GetUtcNow(), directory);
    }

    private PolicyContent? OfScript(ScriptEngine engine, string name, string file, string text, PolicyHealth health, YamlProblems problems)
    {
        if (engine.Load(new ScriptSource(ScriptKind.Policy, file, text), problems) is not { } program)
            return null;
        var actor = new ScriptPolicy(name, file, program, directory, health, limits);
        return new PolicyContent(actor, [program], program.Steps, Description(text), null, null, Shadow: false);
    }

    private PolicyContent? OfYaml(ScriptEngine engine, string name, string file, string text, PolicyHealth health, YamlProblems problems)
    {
        if (PolicyYaml.Parse(name, text, problems, engine, file) is not { } policy)
            return null;
        var actor = new ChainPolicy(policy, directory, health);
        var programs = policy.Steps.Select(step => step.When?.Program).OfType<ScriptProgram>();
        return new PolicyContent(actor, [.. programs], actor.Steps, policy.Description, policy.Floor, policy.Tolerance, policy.Shadow);
    }

    // The first line of a script, where it is a comment.
    private static string Description(string text)
    {
        var first = text.AsSpan().TrimStart().Trim('\uFEFF');
        var line = first[..(first.IndexOf('\n') is >= 0 and var end ? end : first.Length)].Trim();
        return line.StartsWith("//") ? line.TrimStart('/').Trim().ToString() : "";
    }
}
