using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Host.Policies.Scripts.Compiling;

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
        InterpolationFormatClauseSyntax { FormatStringToken.ValueText.Length: > 32 } => "a format this long is not for policies",
        _ => null,
    };

    private const string AsyncVoid = "nobody waits for 'async void'; return Task";

    private static bool IsAsyncVoid(SyntaxTokenList modifiers, TypeSyntax? type) =>
        modifiers.Any(SyntaxKind.AsyncKeyword) && type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
}
