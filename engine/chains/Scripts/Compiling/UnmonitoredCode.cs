using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>Code that would run where the guard has no place, or that one call makes arbitrarily long. It depends on types, unlike <see cref="ForbiddenSyntax"/>.</summary>
internal static class UnmonitoredCode
{
    /// <summary>Why a node is not allowed, and what to use instead; <see langword="null"/> if it is allowed.</summary>
    public static string? Reason(SyntaxNode node, SemanticModel model) => node switch
    {
        BaseObjectCreationExpressionSyntax creation when IsBeforeConstructor(creation) && IsOwn(creation, model) =>
            "the arguments of ': this(…)' and ': base(…)' cannot create an object of the script, because they cannot be monitored; create it in the body",
        ArrayCreationExpressionSyntax { Initializer: null, Type.RankSpecifiers: [{ Rank: > 1 }, ..] } =>
            "an array of several dimensions is not available to policies; use an array of arrays",
        SimpleNameSyntax name when IsUncalled(name) && model.GetSymbolInfo(name).Symbol is IMethodSymbol method && MayTakeLong(method, model) =>
            $"'{method.Name}' cannot be monitored as a delegate; use a lambda: x => x.{method.Name}(…)",
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression } sum when IsDelegate(sum.Left, model) || IsDelegate(sum.Right, model) => Delegates,
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression or (int)SyntaxKind.SubtractAssignmentExpression } sum when IsDelegate(sum.Left, model) => Delegates,
        EventFieldDeclarationSyntax or EventDeclarationSyntax => "policies cannot have events; call a function",
        AnonymousFunctionExpressionSyntax { AsyncKeyword.RawKind: not 0 } function when model.GetSymbolInfo(function).Symbol is IMethodSymbol { ReturnsVoid: true } =>
            "an 'async void' function cannot be awaited; use Func<Task> instead of Action",
        MemberDeclarationSyntax member when member.Modifiers.Any(SyntaxKind.OverrideKeyword) && IsException(model.GetDeclaredSymbol(member)?.ContainingType) =>
            "an exception of a policy cannot override anything, because the host reads it after the script has ended; give the message to the constructor: base(\"…\")",
        _ => null,
    };

    private const string Delegates = "policies cannot combine delegates, because one call would run all of them; use a list";

    private static bool IsBeforeConstructor(SyntaxNode creation) => creation.Ancestors().Any(ancestor => ancestor is ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax);

    private static bool IsOwn(BaseObjectCreationExpressionSyntax creation, SemanticModel model) =>
        model.GetTypeInfo(creation).Type is ITypeParameterSymbol || SymbolEqualityComparer.Default.Equals(model.GetTypeInfo(creation).Type?.ContainingAssembly, model.Compilation.Assembly);

    private static bool IsUncalled(SimpleNameSyntax name)
    {
        ExpressionSyntax whole = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access
            : name.Parent is MemberBindingExpressionSyntax binding ? binding : name;
        return !(whole.Parent is InvocationExpressionSyntax call && call.Expression == whole);
    }

    private static bool MayTakeLong(IMethodSymbol method, SemanticModel model) =>
        !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, model.Compilation.Assembly)
        && (method.ContainingType.Name == nameof(Enumerable) || method.Parameters.Any(parameter => GuardInsertion.IsAmount(parameter) || GuardInsertion.IsSearched(parameter)
            || parameter.Name == "format"));

    private static bool IsDelegate(ExpressionSyntax expression, SemanticModel model) => model.GetTypeInfo(expression).Type?.TypeKind == TypeKind.Delegate;

    private static bool IsException(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: nameof(Exception), ContainingNamespace.Name: nameof(System) })
                return true;
        }
        return false;
    }
}
