namespace Actors.Chains.Scripts.Compiling;

internal enum ScriptKind
{
    /// <summary>Statements; may run steps.</summary>
    Policy,

    /// <summary>One expression, true or false: a <c>when</c>.</summary>
    Condition,
}

/// <summary>C# that is to be compiled.</summary>
/// <param name="Kind">Statements or an expression.</param>
/// <param name="File">The file's name, as it is told with a mistake.</param>
/// <param name="Text">The C#.</param>
/// <param name="Line">In which line of the file it begins, from 1.</param>
/// <param name="Column">In which column, from 1.</param>
internal sealed record ScriptSource(ScriptKind Kind, string File, string Text, int Line = 1, int Column = 1);
