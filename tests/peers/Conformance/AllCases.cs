namespace Actors.Peers.Conformance;

/// <summary>All cases, in the order of the table in docs/xenstore.md.</summary>
internal static class AllCases
{
    public static IReadOnlyList<(int Number, Case Case)> Numbered { get; } =
    [
        .. NodeCases.All.Concat(WireCases.All).Concat(PermissionCases.All).Concat(WatchCases.All)
            .Concat(TransactionCases.All).Concat(DomainCases.All).Concat(DomidCases.All).Concat(QuotaCases.All).Concat(ControlCases.All)
            .Select((tested, number) => (number, tested)),
    ];
}
