using Actors.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>What the guard could not watch, whatever types it is about.</summary>
internal static class Forbidden
{
    /// <summary>Why not, and what to do instead; <see langword="null"/> when there is nothing against it.</summary>
    public static string? Syntax(SyntaxNode node) => node switch
    {
        UnsafeStatementSyntax or FixedStatementSyntax or PointerTypeSyntax or FunctionPointerTypeSyntax => "unsafe code is not for policies",
        StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax => "stackalloc is not for policies; use an array",
        LockStatementSyntax => "lock is not for policies: a run of a script is alone with its variables",
        DestructorDeclarationSyntax => "finalizers are not for policies",
        BaseMethodDeclarationSyntax method when method.Modifiers.Any(SyntaxKind.ExternKeyword) => "extern is not for policies",
        LocalFunctionStatementSyntax function when function.Modifiers.Any(SyntaxKind.ExternKeyword) => "extern is not for policies",
        BaseMethodDeclarationSyntax method when IsAsyncVoid(method.Modifiers, (method as MethodDeclarationSyntax)?.ReturnType) => AsyncVoid,
        LocalFunctionStatementSyntax function when IsAsyncVoid(function.Modifiers, function.ReturnType) => AsyncVoid,
        InterpolationFormatClauseSyntax { FormatStringToken.ValueText: var format } when format.Length > 32 || ScriptGuard.IsWide(format) => "a format this long or wide is not for policies",
        InterpolationAlignmentClauseSyntax { Value: var width } when !IsNarrow(width) => "the width of a text is written as a number, and has at most 3 digits",
        _ => null,
    };

    private const string AsyncVoid = "nobody waits for 'async void'; return Task";

    private static bool IsNarrow(ExpressionSyntax width) =>
        (width is PrefixUnaryExpressionSyntax { Operand: var operand } ? operand : width) is LiteralExpressionSyntax { Token.Value: >= 0 and < 1000 };

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax? type) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
}
