using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>Collects what is wrong with a script, with the place in its file.</summary>
internal sealed class ScriptProblems(ScriptSource source)
{
    private static readonly Dictionary<string, string> Messages = new()
    {
        ["CS7099"] = "policies cannot use #r: docs/policies.md lists what a script can use, and there are no other libraries",
        ["CS7010"] = "policies cannot use #r: docs/policies.md lists what a script can use, and there are no other libraries",
        ["CS8099"] = "policies cannot use #load: a script is one file; run another policy with await Run(\"NAME\")",
        ["CS0656"] = "this needs a part of .NET that is not available to scripts",
        ["CS1980"] = "policies cannot use dynamic",
        ["CS8094"] = "this alignment is too wide for a policy",
    };

    // The compiler does not know these types here, and its own message suggests a missing using.
    private static readonly Dictionary<string, string> UnknownNames = new()
    {
        ["Console"] = "'Console' is not available to policies: use Log(\"…\")",
        ["Process"] = "'Process' is not available to policies: a policy does not start programs; write an actor (a plugin) for that",
        ["HttpClient"] = "'HttpClient' is not available to policies: a policy does not use the network; write an actor (a plugin) for that",
        ["Regex"] = "'Regex' is not available to policies: regular expressions can run forever; use StartsWith, EndsWith, Contains and Split",
        ["Parallel"] = "'Parallel' is not available to policies: a policy does not start threads; let steps do the work with await Run(\"NAME\")",
    };

    // Nobody reads more, and one bracket too many can cause thousands.
    private const int MaxFound = 100;

    private readonly List<ScriptProblem> _found = [];

    public IReadOnlyList<ScriptProblem> Found => _found;

    public bool Any => _found.Count > 0;

    public void Add(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error || Messages.ContainsKey(one.Id)))
        {
            var message = Messages.GetValueOrDefault(diagnostic.Id) ?? Unknown(diagnostic) ?? $"{diagnostic.GetMessage(CultureInfo.InvariantCulture)} ({diagnostic.Id})";
            Add(diagnostic.Location, message);
        }
    }

    private static string? Unknown(Diagnostic diagnostic) => diagnostic.Id is "CS0103" or "CS0246" or "CS0234" && diagnostic.Location.SourceTree is { } tree
        ? UnknownNames.GetValueOrDefault(tree.GetRoot().FindToken(diagnostic.Location.SourceSpan.Start).ValueText)
        : null;

    public void Add(SyntaxNode node, string message) => Add(node.GetLocation(), message);

    public void Add(Location location, string message)
    {
        if (_found.Count >= MaxFound)
            return;
        var at = location.IsInSource ? location.GetLineSpan().StartLinePosition : default;
        _found.Add(source.Problem(at.Line, at.Character, message));
    }
}
