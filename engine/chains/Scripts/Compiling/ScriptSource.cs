namespace Actors.Chains.Scripts.Compiling;

/// <summary>What a script is used for.</summary>
internal enum ScriptKind
{
    /// <summary>Statements that may run steps: a policy.</summary>
    Policy,

    /// <summary>One expression that is true or false: a <c>when</c>.</summary>
    Condition,
}

/// <summary>C# source to compile.</summary>
/// <param name="Kind">Whether the text is statements or an expression.</param>
/// <param name="File">The name of the file, for error messages.</param>
/// <param name="Text">The C#.</param>
/// <param name="Line">The line of the file where the text begins, counted from 1.</param>
/// <param name="Column">The column where the text begins, counted from 1.</param>
internal sealed record ScriptSource(ScriptKind Kind, string File, string Text, int Line = 1, int Column = 1);
