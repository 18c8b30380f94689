using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>
/// How much of the stack the values in a script may take. A function whose values are larger than the stack ends the process before the
/// guard is called.
/// </summary>
internal sealed class ValueSizes(ScriptProblems problems)
{
    private const int MaxValue = 1024;
    private const int MaxTotal = 64 * 1024;

    // Smaller ones are limited by the length of the script.
    private const int Counted = 64;

    private const int Pointer = 8, Foreign = 16;

    private int _total;

    /// <summary>Counts the value of an expression or a variable.</summary>
    public void Count(SyntaxNode node, ITypeSymbol? type)
    {
        if (type is not { IsValueType: true } || _total > MaxTotal || Of(type) is var bytes && bytes < Counted)
            return;
        if (bytes > MaxValue)
            problems.Add(node, $"a value of '{type.Name}' has {(bytes == int.MaxValue ? "too many" : bytes)} bytes and does not fit on the stack; the maximum is {MaxValue}; use a class");
        _total = bytes > MaxValue ? int.MaxValue : _total + bytes;
        if (_total is > MaxTotal and < int.MaxValue)
            problems.Add(node, $"the values in this script need more than {MaxTotal / 1024} KiB of the stack; use classes");
    }

    /// <summary>The type whose values an expression or a declaration creates; <see langword="null"/> if it creates none.</summary>
    public static ITypeSymbol? TypeOf(SyntaxNode node, SemanticModel model) => node switch
    {
        ExpressionSyntax expression => model.GetTypeInfo(expression).Type,
        VariableDeclaratorSyntax variable => (model.GetDeclaredSymbol(variable) as ILocalSymbol)?.Type,
        ParameterSyntax parameter => model.GetDeclaredSymbol(parameter)?.Type,
        _ => null,
    };

    /// <summary>The size of a value in bytes, roughly. Pure.</summary>
    public static int Of(ITypeSymbol type) => (int)Math.Min(int.MaxValue, Bytes(type, 0));

    private static long Bytes(ITypeSymbol type, int depth) => type switch
    {
        _ when depth > 20 => int.MaxValue,
        { IsValueType: false } => Pointer,
        { SpecialType: SpecialType.System_Decimal } => Foreign,
        { SpecialType: not SpecialType.None and not SpecialType.System_Nullable_T } or { TypeKind: TypeKind.Enum } => Pointer,
        INamedTypeSymbol { IsTupleType: true, TupleElements: var elements } => elements.Sum(element => Bytes(element.Type, depth + 1)),
        INamedTypeSymbol named when named.DeclaringSyntaxReferences.Length == 0 => Foreign + named.TypeArguments.Sum(argument => Bytes(argument, depth + 1)),
        _ => type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic).Sum(field => Bytes(field.Type, depth + 1)),
    };
}
