namespace Actors.Chains.Scripts.Compiling;

/// <summary>
/// Checks the size and the nesting of C# before a compiler sees it: compilers recurse over nested code, and some need exponential time for it.
/// It reads brackets and tokens only, and lets wrong text pass, because the compiler reports that better. Pure.
/// </summary>
internal static class SourceLimits
{
    /// <summary>The length of a script, in characters.</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>How deep brackets of any kind may be nested.</summary>
    public const int MaxDepth = 100;

    /// <summary>How many words and signs may follow each other without a <c>;</c>, a <c>,</c> or a brace.</summary>
    public const int MaxRun = 1000;

    /// <summary>The problem; <see langword="null"/> if there is none.</summary>
    public static ScriptProblem? Find(ScriptSource source)
    {
        if (source.Text.Length > MaxLength)
            return source.Problem(0, 0, $"the script has {source.Text.Length} characters; the maximum is {MaxLength}");
        var tokens = new TokenReader(source.Text);
        var run = 0;
        while (tokens.Read())
        {
            run = tokens.Separates ? 0 : run + 1;
            if (tokens.Depth > MaxDepth)
                return At(source, tokens.Place, $"brackets are nested more than {MaxDepth} deep here; use variables and functions");
            if (run > MaxRun)
                return At(source, tokens.Place, $"this expression has more than {MaxRun} parts; use variables and functions");
        }
        return null;
    }

    private static ScriptProblem At(ScriptSource source, int place, string message)
    {
        var before = source.Text.AsSpan(0, place);
        return source.Problem(before.Count('\n'), place - (before.LastIndexOf('\n') + 1), message);
    }
}
