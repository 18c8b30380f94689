using Actors.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>
/// What a script may say. The types and members that it names are on a list; whatever else .NET has, a script has not. This keeps
/// policies to their business and their runs repeatable; it is no sandbox.
/// </summary>
internal sealed class ScriptRules(ScriptKind kind, SemanticModel model, Mistakes wrong) : CSharpSyntaxWalker
{
    private static readonly string[] Effects = [nameof(PolicyScript.Run), nameof(PolicyScript.Release), nameof(PolicyScript.Wait), nameof(PolicyScript.Log)];

    private readonly List<string> _steps = [];

    /// <summary>Every actor and policy that is named, in the order of the text.</summary>
    public IReadOnlyList<string> Steps => _steps;

    public ScriptReads Reads { get; private set; }

    public override void VisitCompilationUnit(CompilationUnitSyntax node)
    {
        if (kind == ScriptKind.Condition && node.Members is not [GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } }])
            wrong.Add(node, "expected one expression that is true or false, such as Shrinking && Host.Free < 2.GiB()");
        base.VisitCompilationUnit(node);
    }

    public override void DefaultVisit(SyntaxNode node)
    {
        if (Forbidden.Syntax(node) is { } instead)
            wrong.Add(node, instead);
        if (node is IdentifierNameSyntax or GenericNameSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or AttributeSyntax)
            CheckSymbol(node);
        base.DefaultVisit(node);
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (model.GetSymbolInfo(node).Symbol is IMethodSymbol { Name: nameof(PolicyScript.Run) or nameof(PolicyScript.Release) } method
            && method.ContainingType.Name == nameof(PolicyScript))
            CheckStep(node.ArgumentList.Arguments);
        if (Guarding.InConditionalAccess(node) && Guarding.IsLinqSequence(node, model))
            wrong.Add(node, "LINQ behind '?.' cannot be watched; write (list ?? []).Where(…)");
        base.VisitInvocationExpression(node);
    }

    public override void VisitAwaitExpression(AwaitExpressionSyntax node)
    {
        if (kind == ScriptKind.Condition)
            wrong.Add(node, "a condition cannot wait; it is asked and answers at once");
        base.VisitAwaitExpression(node);
    }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (node.Modifiers.Any(SyntaxKind.StaticKeyword))
            wrong.Add(node, "a static field would outlive the run: a script keeps nothing from one run to the next; make it const, or a variable");
        base.VisitFieldDeclaration(node);
    }

    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        if (node.Modifiers.Any(SyntaxKind.StaticKeyword) && node.AccessorList?.Accessors.Any(accessor => accessor.Body is null && accessor.ExpressionBody is null) == true)
            wrong.Add(node, "a static property would outlive the run: a script keeps nothing from one run to the next; make it a variable");
        base.VisitPropertyDeclaration(node);
    }

    public override void VisitRecordDeclaration(RecordDeclarationSyntax node)
    {
        if (model.GetDeclaredSymbol(node) is INamedTypeSymbol record && record.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && MayNest(field.Type)))
            wrong.Add(node, "a record that holds other objects may hold itself, and nobody watches its equality and text, which the compiler makes; use a class");
        base.VisitRecordDeclaration(node);
    }

    private bool MayNest(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface or TypeKind.TypeParameter or TypeKind.Dynamic } or { SpecialType: SpecialType.System_Object or SpecialType.System_ValueType } => true,
        { IsValueType: true } => type is INamedTypeSymbol { TypeArguments: var arguments } && arguments.Any(MayNest),
        _ => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, model.Compilation.Assembly),
    };

    private void CheckSymbol(SyntaxNode node)
    {
        var symbol = model.GetSymbolInfo(node).Symbol;
        if (symbol is IMethodSymbol { ReducedFrom: { } extension })
            symbol = extension;
        if (symbol is null or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or INamespaceSymbol or ILabelSymbol or ITypeParameterSymbol
            || SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, model.Compilation.Assembly))
            return;
        if (Allowed.Refusal(symbol) is { } refusal && !(node.Parent is MemberAccessExpressionSyntax member && member.Name == node && IsRefused(member.Expression)))
            wrong.Add(node, refusal);
        if (symbol.ContainingType?.Name == nameof(PolicyScript) && kind == ScriptKind.Condition && Effects.Contains(symbol.Name))
            wrong.Add(node, $"a condition only looks: '{symbol.Name}' is for scripts (policies/NAME.csx)");
        Reads |= symbol switch
        {
            { Name: nameof(PolicyScript.Host), ContainingType.Name: nameof(PolicyScript) } => ScriptReads.Host,
            { Name: nameof(ScriptDomain.StaticMax), ContainingType.Name: nameof(ScriptDomain) } => ScriptReads.StaticMax,
            { Name: nameof(ScriptDomain.Guest), ContainingType.Name: nameof(ScriptDomain) } => ScriptReads.Guest,
            _ => ScriptReads.None,
        };
    }

    // Its type was told of already.
    private bool IsRefused(ExpressionSyntax type) => model.GetSymbolInfo(type).Symbol is INamedTypeSymbol symbol && Allowed.Refusal(symbol) is not null;

    private void CheckStep(SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        var argument = arguments.FirstOrDefault(one => one.NameColon?.Name.Identifier.Text == "step") ?? arguments.FirstOrDefault();
        if (argument is null)
            return;
        var names = Names(argument.Expression).ToList();
        if (names.Contains(null))
            wrong.Add(argument, "the name of a step must be written out, so that it can be checked before it matters: Run(\"balloon\"), or Run(slow ? \"paging\" : \"balloon\")");
        _steps.AddRange(names.OfType<string>().Except(_steps));
    }

    private IEnumerable<string?> Names(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax inner => Names(inner.Expression),
        ConditionalExpressionSyntax either => Names(either.WhenTrue).Concat(Names(either.WhenFalse)),
        SwitchExpressionSyntax choice => choice.Arms.SelectMany(arm => Names(arm.Expression)),
        _ => [model.GetConstantValue(expression) is { HasValue: true, Value: string name } ? name : null],
    };
}
