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
internal sealed record ScriptSource(ScriptKind Kind, string File, string Text, int Line = 1, int Column = 1)
{
    /// <summary>A problem at a place in the text.</summary>
    /// <param name="line">The line of the text, counted from 0.</param>
    /// <param name="character">The place in that line, counted from 0.</param>
    /// <param name="message">What is wrong.</param>
    public ScriptProblem Problem(int line, int character, string message) => new(Line + line, line == 0 ? Column + character : character + 1, message);
}

/// <summary>Something that is wrong with a script.</summary>
/// <param name="Line">The line of the file, counted from 1.</param>
/// <param name="Column">The column, counted from 1.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record ScriptProblem(int Line, int Column, string Message);
