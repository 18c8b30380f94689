using System.Security.Cryptography;
using Actors.Chains.Policies;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Chains.Yaml;
using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Scripting;
using Actors.Yaml;

namespace Actors.Chains.Files;

/// <summary>Loads a version of a policy from its file. Everything that is wrong is added to the problems.</summary>
/// <param name="store">What is known about scripts.</param>
/// <param name="compiler">Compiles scripts at once; <see langword="null"/> to postpone policies whose scripts were not compiled before.</param>
/// <param name="runner">Where scripts run.</param>
/// <param name="directory">The actors and policies.</param>
/// <param name="time">The clock.</param>
/// <param name="limits">The limits of a script's run.</param>
internal sealed class PolicyReader(ScriptStore store, IScriptCompiler? compiler, IScriptRunner runner, ActorDirectory directory, TimeProvider time, ScriptLimits limits)
{
    /// <summary>The policy files in a folder, ordered by name; tests and backup copies are not among them.</summary>
    public static IReadOnlyList<string> FilesIn(string folder) =>
        [.. PolicyFile.In(folder).Where(path => PolicyFile.KindOf(path) != PolicyFileKind.Test)];

    /// <summary>The bytes of a file; <see langword="null"/> if it cannot be read or is not trusted.</summary>
    public static byte[]? Bytes(string path, YamlProblems problems)
    {
        try
        {
            if (RegularFile.Problem(path) is { } problem)
                problems.Add(new Mark(1, 1), problem);
            else if (!File.Exists(path))
                problems.Add(new Mark(1, 1), "there is no such file");
            else if (FileTrust.Refusal(path) is { } refusal)
                problems.Add(new Mark(1, 1), refusal);
            else if (new FileInfo(path).Length > YamlFile.MaxBytes)
                problems.Add(new Mark(1, 1), $"the file is larger than the maximum of {YamlFile.MaxBytes / 1024 / 1024} MiB");
            else
                return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Mark(1, 1), error.Message);
        }
        return null;
    }

    /// <summary>The version of a file, from its content.</summary>
    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];

    /// <summary>Loads a version. The result is <see langword="null"/> if there are problems, or, without any problem, if the version waits for the compiler.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="problems">Receives everything that is wrong.</param>
    /// <param name="postponed">Receives the scripts that must be compiled first.</param>
    public PolicyVersion? Read(string path, byte[] bytes, YamlProblems problems, ICollection<ScriptSource> postponed)
    {
        var engine = new ScriptEngine(store, compiler, runner);
        var (name, file) = (Path.GetFileNameWithoutExtension(path), Path.GetFileName(path));
        if (!PolicyYaml.IsName(name) && PolicyFile.KindOf(path) == PolicyFileKind.Script)
            problems.Add(new Mark(1, 1), PolicyYaml.WrongFileName(name));
        var health = new PolicyHealth(file);
        if (PolicyText.Decode(bytes, problems) is not { } text)
            return null;
        var content = PolicyFile.KindOf(path) == PolicyFileKind.Script ? OfScript(engine, name, file, text, health, problems) : OfYaml(engine, name, file, text, health, problems);
        foreach (var source in engine.Postponed)
            postponed.Add(source);
        return content is null || problems.Any || engine.Postponed.Count > 0 ? null : new PolicyVersion(name, Hash(bytes), content, health, time.GetUtcNow(), directory);
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
        var programs = policy.Steps.Select(step => step.When?.Program).OfType<IScript>();
        return new PolicyContent(actor, [.. programs], actor.Steps, policy.Description, policy.Floor, policy.Tolerance, policy.Shadow) { OnDrift = policy.OnDrift, RetryAfter = policy.OnShort.RetryAfter };
    }

    // The description of a script is its first line, if that is a comment.
    private static string Description(string text)
    {
        var first = text.AsSpan().TrimStart().Trim('\uFEFF');
        var line = first[..(first.IndexOf('\n') is >= 0 and var end ? end : first.Length)].Trim();
        return line.StartsWith("//") ? line.TrimStart('/').Trim().ToString() : "";
    }
}
