using Actors.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>Syntax that the guard cannot monitor, whatever types it uses.</summary>
internal static class ForbiddenSyntax
{
    /// <summary>Why a node is not allowed, and what to use instead; <see langword="null"/> if it is allowed.</summary>
    public static string? Reason(SyntaxNode node) => node switch
    {
        UnsafeStatementSyntax or FixedStatementSyntax or PointerTypeSyntax or FunctionPointerTypeSyntax => "policies cannot use unsafe code",
        StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax => "policies cannot use stackalloc; use an array",
        LockStatementSyntax => "policies cannot use lock and do not need it: each run of a script has its own variables",
        DestructorDeclarationSyntax => "policies cannot have finalizers",
        BaseMethodDeclarationSyntax method when method.Modifiers.Any(SyntaxKind.ExternKeyword) => "policies cannot use extern",
        LocalFunctionStatementSyntax function when function.Modifiers.Any(SyntaxKind.ExternKeyword) => "policies cannot use extern",
        BaseMethodDeclarationSyntax method when IsAsyncVoid(method.Modifiers, (method as MethodDeclarationSyntax)?.ReturnType) => AsyncVoid,
        LocalFunctionStatementSyntax function when IsAsyncVoid(function.Modifiers, function.ReturnType) => AsyncVoid,
        InterpolationFormatClauseSyntax { FormatStringToken.ValueText: var format } when format.Length > 32 || ScriptGuard.IsWide(format) => "this format is too long or too wide for a policy",
        InterpolationAlignmentClauseSyntax { Value: var width } when !IsNarrow(width) => "the width of a text must be a literal number of at most 3 digits",
        _ => null,
    };

    private const string AsyncVoid = "an 'async void' function cannot be awaited; return Task";

    private static bool IsNarrow(ExpressionSyntax width) =>
        (width is PrefixUnaryExpressionSyntax { Operand: var operand } ? operand : width) is LiteralExpressionSyntax { Token.Value: >= 0 and < 1000 };

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax? type) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
}
