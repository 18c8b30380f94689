using Actors.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>
/// Checks what a script may use. The types and members that it names must be on a list; the rest of .NET is not available. This keeps
/// policies simple and their runs repeatable; it is not a sandbox.
/// </summary>
internal sealed class ScriptRules(ScriptKind kind, SemanticModel model, ScriptProblems problems) : CSharpSyntaxWalker
{
    private static readonly string[] Effects = [nameof(PolicyScript.Run), nameof(PolicyScript.Release), nameof(PolicyScript.Wait), nameof(PolicyScript.Log)];

    private readonly ValueSizes _sizes = new(problems);
    private readonly List<string> _steps = [];

    /// <summary>The actors and policies that the script names, in the order of the text.</summary>
    public IReadOnlyList<string> Steps => _steps;

    /// <summary>The facts that the script reads and that cost a request.</summary>
    public ScriptReads Reads { get; private set; }

    public override void VisitCompilationUnit(CompilationUnitSyntax node)
    {
        if (kind == ScriptKind.Condition && node.Members is not [GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } }])
            problems.Add(node, "expected one expression that is true or false, such as Shrinking && Host.Free < 2.GiB()");
        base.VisitCompilationUnit(node);
    }

    public override void DefaultVisit(SyntaxNode node)
    {
        if ((ForbiddenSyntax.Reason(node) ?? UnmonitoredCode.Reason(node, model)) is { } instead)
            problems.Add(node, instead);
        _sizes.Count(node, ValueSizes.TypeOf(node, model));
        if (node is IdentifierNameSyntax or GenericNameSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or AttributeSyntax)
            CheckSymbol(node);
        base.DefaultVisit(node);
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (model.GetSymbolInfo(node).Symbol is IMethodSymbol { Name: nameof(PolicyScript.Run) or nameof(PolicyScript.Release) } method
            && method.ContainingType.Name == nameof(PolicyScript))
            CheckStep(node.ArgumentList.Arguments);
        if (GuardInsertion.InConditionalAccess(node) && GuardInsertion.IsLinqSequence(node, model))
            problems.Add(node, "LINQ after '?.' cannot be monitored; write (list ?? []).Where(…)");
        base.VisitInvocationExpression(node);
    }

    public override void VisitAwaitExpression(AwaitExpressionSyntax node)
    {
        if (kind == ScriptKind.Condition)
            problems.Add(node, "a condition cannot use await; it must have its value at once");
        base.VisitAwaitExpression(node);
    }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        if (node.Modifiers.Any(SyntaxKind.StaticKeyword))
            problems.Add(node, "a static field would outlive the run, and a script keeps nothing between runs; make it const or a local variable");
        base.VisitFieldDeclaration(node);
    }

    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        if (node.Modifiers.Any(SyntaxKind.StaticKeyword) && node.AccessorList?.Accessors.Any(accessor => accessor.Body is null && accessor.ExpressionBody is null) == true)
            problems.Add(node, "a static property would outlive the run, and a script keeps nothing between runs; make it a local variable");
        base.VisitPropertyDeclaration(node);
    }

    public override void VisitRecordDeclaration(RecordDeclarationSyntax node)
    {
        if (model.GetDeclaredSymbol(node) is INamedTypeSymbol record && record.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && MayNest(field.Type)))
            problems.Add(node, "a record that holds other objects may hold itself, and its generated Equals and ToString cannot be monitored; use a class");
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
        if (AllowedApi.Refusal(symbol) is { } refusal && !(node.Parent is MemberAccessExpressionSyntax member && member.Name == node && IsRefused(member.Expression)))
            problems.Add(node, refusal);
        if (symbol.ContainingType?.Name == nameof(PolicyScript) && kind == ScriptKind.Condition && Effects.Contains(symbol.Name))
            problems.Add(node, $"a condition cannot act: only scripts (policies/NAME.csx) can use '{symbol.Name}'");
        Reads |= symbol switch
        {
            { Name: nameof(PolicyScript.Host), ContainingType.Name: nameof(PolicyScript) } => ScriptReads.Host,
            { Name: nameof(ScriptDomain.StaticMax), ContainingType.Name: nameof(ScriptDomain) } => ScriptReads.StaticMax,
            { Name: nameof(ScriptDomain.Guest), ContainingType.Name: nameof(ScriptDomain) } => ScriptReads.Guest,
            _ => ScriptReads.None,
        };
    }

    // The type was reported already.
    private bool IsRefused(ExpressionSyntax type) => model.GetSymbolInfo(type).Symbol is INamedTypeSymbol symbol && AllowedApi.Refusal(symbol) is not null;

    private void CheckStep(SeparatedSyntaxList<ArgumentSyntax> arguments)
    {
        var argument = arguments.FirstOrDefault(one => one.NameColon?.Name.Identifier.Text == "step") ?? arguments.FirstOrDefault();
        if (argument is null)
            return;
        var names = Names(argument.Expression).ToList();
        if (names.Contains(null))
            problems.Add(argument, "the name of a step must be a literal, so that it can be checked before the script runs: Run(\"balloon\"), or Run(slow ? \"paging\" : \"balloon\")");
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
