using Actors.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Actors.Chains.Scripts.Compiling;

/// <summary>
/// Inserts calls of the guard into a script: into every loop, label, function, catch, sequence and size. The changes keep every line where it
/// was. Opening parts are recorded on the way down and closing parts on the way up, so that they nest correctly.
/// </summary>
internal sealed class GuardInsertion : CSharpSyntaxWalker
{
    private const string Guard = "global::Actors.Scripting." + nameof(ScriptGuard) + ".";
    private const string Tick = Guard + nameof(ScriptGuard.Tick) + "();";
    private const string Enter = Guard + nameof(ScriptGuard.Enter) + "();";
    private const string May = Guard + nameof(ScriptGuard.May) + "()";

    private static readonly HashSet<string> Amounts = ["capacity", "count", "totalWidth", "repeatCount", "newSize", "length"];

    // The time of these grows with the product of two lengths.
    private static readonly HashSet<string> Searches = ["IndexOf", "LastIndexOf", "Contains", "Replace", "Split"];

    private readonly SemanticModel _model;
    private readonly List<TextChange> _changes = [];

    private GuardInsertion(SemanticModel model) => _model = model;

    public static IEnumerable<TextChange> Of(SyntaxNode root, SemanticModel model)
    {
        var insertion = new GuardInsertion(model);
        insertion.Visit(root);
        // Changes are ordered by place. Several at one place keep the order in which they were recorded, and become one change.
        return [.. insertion._changes.GroupBy(change => change.Span.Start).OrderBy(group => group.Key).Select(Join)];
    }

    public override void DefaultVisit(SyntaxNode node)
    {
        switch (node)
        {
            case BlockSyntax block when IsBody(block):
                Insert(block.OpenBraceToken.Span.End, $" {(IsLoop(block.Parent) ? Tick : Enter)}");
                base.DefaultVisit(node);
                break;
            case StatementSyntax statement and not BlockSyntax when IsLoop(statement.Parent) && IsLoopBody(statement):
                Around(statement, $"{{ {Tick} ", " }");
                break;
            case ExpressionStatementSyntax or LocalDeclarationStatementSyntax or FieldDeclarationSyntax when IsInSequence(node):
                Insert(node.SpanStart, $"{Tick} ");
                base.DefaultVisit(node);
                break;
            case LabeledStatementSyntax label:
                Insert(label.ColonToken.Span.End, $" {Tick}");
                base.DefaultVisit(node);
                break;
            case SwitchSectionSyntax section:
                Insert(section.Labels.Last().Span.End, $" {Tick}");
                base.DefaultVisit(node);
                break;
            case CatchClauseSyntax clause:
                GuardCatch(clause);
                break;
            case ArrowExpressionClauseSyntax arrow:
                GuardArrow(arrow);
                break;
            case LambdaExpressionSyntax { ExpressionBody: { } body } lambda:
                VisitAll(lambda, body);
                Body(body, _model.GetSymbolInfo(lambda).Symbol as IMethodSymbol);
                break;
            case TypeDeclarationSyntax type:
                GuardInitialisers(type);
                base.DefaultVisit(node);
                break;
            case ExpressionSyntax expression when IsSize(expression):
                Around(expression, $"{Guard}{nameof(ScriptGuard.Size)}(", $", {ItemBytes(expression)})");
                break;
            case ExpressionSyntax expression when Wrapping(expression) is { } call:
                Around(expression, $"{Guard}{call}(", ")");
                break;
            default:
                base.DefaultVisit(node);
                break;
        }
    }

    private static TextChange Join(IGrouping<int, TextChange> changes) =>
        new(new TextSpan(changes.Key, changes.Max(change => change.Span.Length)), string.Concat(changes.Select(change => change.NewText)));

    private static bool IsBody(BlockSyntax block) => IsLoop(block.Parent) || block.Parent
        is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax;

    private static bool IsLoop(SyntaxNode? node) => node
        is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax;

    private static bool IsLoopBody(StatementSyntax statement) => statement == statement.Parent switch
    {
        WhileStatementSyntax loop => loop.Statement,
        DoStatementSyntax loop => loop.Statement,
        ForStatementSyntax loop => loop.Statement,
        CommonForEachStatementSyntax loop => loop.Statement,
        _ => null,
    };

    // Statements that follow each other can double a text or a list each. A script without a last ';' ends in its value.
    private static bool IsInSequence(SyntaxNode node) => node switch
    {
        ExpressionStatementSyntax { SemicolonToken.IsMissing: true } => false,
        FieldDeclarationSyntax { Parent: CompilationUnitSyntax } => true,
        FieldDeclarationSyntax => false,
        _ => node.Parent is BlockSyntax or GlobalStatementSyntax or SwitchSectionSyntax,
    };

    /// <summary>Whether a parameter says how many items a call creates.</summary>
    public static bool IsAmount(IParameterSymbol parameter) => parameter is { Type.SpecialType: SpecialType.System_Int32, DeclaringSyntaxReferences.Length: 0, RefKind: RefKind.None }
        && Amounts.Contains(parameter.Name);

    /// <summary>Whether a parameter is a text that a call looks for in another text.</summary>
    public static bool IsSearched(IParameterSymbol parameter) => parameter is { Type.SpecialType: SpecialType.System_String, ContainingSymbol: IMethodSymbol { Name: var name, ContainingType.Name: "String" or "StringBuilder" } }
        && Searches.Contains(name);

    private void Insert(int position, string text) => _changes.Add(new TextChange(new TextSpan(position, 0), text));

    private void Around(SyntaxNode node, string before, string after)
    {
        Insert(node.SpanStart, before);
        base.DefaultVisit(node);
        Insert(node.Span.End, after);
    }

    private void VisitAll(SyntaxNode node, SyntaxNode except)
    {
        foreach (var child in node.ChildNodes().Where(child => child != except))
            Visit(child);
    }

    // A script that must end must not catch anything.
    private void GuardCatch(CatchClauseSyntax clause)
    {
        if (clause.Filter is { } filter)
        {
            Insert(filter.OpenParenToken.Span.End, $"{May} && (");
            base.DefaultVisit(clause.Filter);
            Insert(filter.CloseParenToken.SpanStart, ")");
        }
        else
        {
            Insert(clause.Declaration?.Span.End ?? clause.CatchKeyword.Span.End, $" when ({May})");
        }
        base.DefaultVisit(clause.Block);
    }

    // An arrow body, '=> value;', becomes a block.
    private void GuardArrow(ArrowExpressionClauseSyntax arrow)
    {
        var (method, semicolon) = arrow.Parent switch
        {
            BaseMethodDeclarationSyntax one => (_model.GetDeclaredSymbol(one) as IMethodSymbol, one.SemicolonToken),
            LocalFunctionStatementSyntax one => (_model.GetDeclaredSymbol(one) as IMethodSymbol, one.SemicolonToken),
            AccessorDeclarationSyntax one => (_model.GetDeclaredSymbol(one), one.SemicolonToken),
            PropertyDeclarationSyntax one => ((_model.GetDeclaredSymbol(one) as IPropertySymbol)?.GetMethod, one.SemicolonToken),
            IndexerDeclarationSyntax one => ((_model.GetDeclaredSymbol(one) as IPropertySymbol)?.GetMethod, one.SemicolonToken),
            _ => (null, default),
        };
        var property = arrow.Parent is PropertyDeclarationSyntax or IndexerDeclarationSyntax;
        _changes.Add(new TextChange(arrow.ArrowToken.Span, property ? "{ get" : ""));
        Body(arrow.Expression, method);
        _changes.Add(new TextChange(semicolon.Span, property ? " }" : ""));
    }

    private void Body(ExpressionSyntax expression, IMethodSymbol? method)
    {
        var nothing = method is null || method.ReturnsVoid || expression is ThrowExpressionSyntax
            || (method.IsAsync && method.ReturnType is INamedTypeSymbol { IsGenericType: false });
        Insert(expression.SpanStart, $" {{ {Enter} {(nothing ? "" : "return ")}");
        Visit(expression);
        Insert(expression.Span.End, "; }");
    }

    // Initialisers run before any constructor, so the guard's call is the first of them.
    private void GuardInitialisers(TypeDeclarationSyntax type)
    {
        var runsCode = type.Members.Any(member => member is PropertyDeclarationSyntax { Initializer: not null }
            || (member is FieldDeclarationSyntax field && field.Declaration.Variables.Any(variable => variable.Initializer is not null)));
        if (runsCode && type is not InterfaceDeclarationSyntax && !type.Modifiers.Any(SyntaxKind.StaticKeyword))
            Insert(type.OpenBraceToken.Span.End, $" readonly bool __guard = {Guard}{nameof(ScriptGuard.Enter)}();");
    }

    private string? Wrapping(ExpressionSyntax expression)
    {
        if (IsInQuery(expression))
            return nameof(ScriptGuard.Tick);
        if (IsFormat(expression))
            return nameof(ScriptGuard.Format);
        if (expression.Parent is ArgumentSyntax argument && Parameter(argument) is { } parameter && IsSearched(parameter))
            return nameof(ScriptGuard.Searched);
        return (expression is QueryExpressionSyntax || IsLinq(expression, _model)) && !InConditionalAccess(expression) && IsSequence(expression, _model)
            ? nameof(ScriptGuard.Each)
            : null;
    }

    /// <summary>Whether a call of LINQ returns a sequence, whose work happens when it is read.</summary>
    public static bool IsLinqSequence(ExpressionSyntax expression, SemanticModel model) => IsLinq(expression, model) && IsSequence(expression, model);

    private static bool IsLinq(ExpressionSyntax expression, SemanticModel model) => expression is InvocationExpressionSyntax call
        && model.GetSymbolInfo(call).Symbol is IMethodSymbol { ContainingType.Name: nameof(Enumerable) };

    private static bool IsSequence(ExpressionSyntax expression, SemanticModel model) =>
        model.GetTypeInfo(expression).Type is { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T };

    private static bool IsInQuery(ExpressionSyntax expression) => expression.Parent switch
    {
        WhereClauseSyntax clause => clause.Condition == expression,
        SelectClauseSyntax clause => clause.Expression == expression,
        LetClauseSyntax clause => clause.Expression == expression,
        OrderingSyntax => true,
        GroupClauseSyntax clause => clause.GroupExpression == expression || clause.ByExpression == expression,
        JoinClauseSyntax clause => clause.LeftExpression == expression || clause.RightExpression == expression,
        _ => false,
    };

    private bool IsSize(ExpressionSyntax expression) => expression.Parent switch
    {
        ArrayRankSpecifierSyntax => expression is not OmittedArraySizeExpressionSyntax && expression.Parent.Parent?.Parent is ArrayCreationExpressionSyntax
            && _model.GetTypeInfo(expression).ConvertedType?.SpecialType == SpecialType.System_Int32,
        ArgumentSyntax argument => Parameter(argument) is { } parameter && IsAmount(parameter),
        _ => false,
    };

    // The bytes of one item of the array or the collection.
    private int ItemBytes(ExpressionSyntax size)
    {
        var item = size.Parent switch
        {
            ArrayRankSpecifierSyntax { Parent: ArrayTypeSyntax type } => (_model.GetTypeInfo(type).Type as IArrayTypeSymbol)?.ElementType,
            ArgumentSyntax { Parent.Parent: { } call } when _model.GetSymbolInfo(call).Symbol is IMethodSymbol method =>
                method.TypeArguments.FirstOrDefault() ?? method.ContainingType.TypeArguments.FirstOrDefault(),
            _ => null,
        };
        return item is null ? 1 : ValueSizes.Of(item);
    }

    private bool IsFormat(ExpressionSyntax expression) => expression.Parent is ArgumentSyntax argument
        && Parameter(argument) is { Name: "format", Type.SpecialType: SpecialType.System_String, DeclaringSyntaxReferences.Length: 0 };

    private IParameterSymbol? Parameter(ArgumentSyntax argument)
    {
        if (argument.Parent?.Parent is not { } call || _model.GetSymbolInfo(call).Symbol is not IMethodSymbol method)
            return null;
        if (argument.NameColon is { } named)
            return method.Parameters.FirstOrDefault(parameter => parameter.Name == named.Name.Identifier.Text);
        var index = ((BaseArgumentListSyntax)argument.Parent).Arguments.IndexOf(argument);
        return index < method.Parameters.Length ? method.Parameters[index] : null;
    }

    /// <summary>Whether the expression is inside <c>a?.b()</c>, where it cannot be wrapped in a call.</summary>
    public static bool InConditionalAccess(ExpressionSyntax expression)
    {
        var first = expression;
        while (first is InvocationExpressionSyntax { Expression: { } called })
            first = called is MemberAccessExpressionSyntax member ? member.Expression : called;
        return first is MemberBindingExpressionSyntax;
    }
}
