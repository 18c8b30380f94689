using Actors.Cli.Commands;
using Actors.Cli.Commands.Domains;
using Actors.Cli.Control;
using Actors.Cli.Presentation;

namespace Actors.Host.Tests.Presentation;

/// <summary>What <c>actors list</c> shows on a terminal.</summary>
internal sealed class DomainTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    private static readonly DomainLine[] Lines =
    [
        Line(0, "Domain-0", footprint: 4096) with { StaticMaxKib = 4096 * 1024 },
        Line(1, "web-1", "reached", footprint: 512, target: 512, actor: "balloon", since: "2026-11-27T11:59:50Z", reason: "the balloon went from 1 GiB to 512 MiB"),
        Line(2, "mail", "short", footprint: 1310, target: 1024, actor: "balloon", since: "2026-11-27T10:00:00Z", reason: "286 MiB short: the guest's driver gave up 4 times; it needs 1.2 GiB"),
        Line(3, "db", "running", footprint: 12000, target: 8192, actor: "paging", since: "2026-11-27T11:58:00Z", reason: "paging is working"),
        Line(4, "old", "unable", footprint: 4096, target: 2048, since: "2026-11-20T12:00:00Z", reason: "no balloon driver"),
        Line(5, "theirs", "external", footprint: 3072, actor: "squeezed", since: "2026-11-26T11:00:00Z"),
    ];

    [Test]
    public void At_80_columns_each_domain_is_one_line_and_reasons_are_below_those_that_need_attention() => Assert.That(Shown(80), Is.EqualTo("""
        ID NAME     STATE      NOW TARGET FLOOR   MAX ACTOR KEY BY               AGE
         0 Domain-0 -        4.00G      -     - 4.00G xl        -                  -
         1 web-1    reached   512M   512M     -     - xl        balloon (step 1) 10s
         2 mail     short    1.28G  1.00G     -     - xl        balloon (step 1)  2h
            286 MiB short: the guest's driver gave up 4 times; it needs 1.2 GiB
         3 db       running  11.7G  8.00G     -     - xl        paging (step 1)   2m
         4 old      unable   4.00G  2.00G     -     - xl        -                 7d
            no balloon driver
         5 theirs   external 3.00G      -     -     - xl        squeezed         25h

        """));

    [Test]
    public void The_last_line_says_how_many_need_attention_and_where_the_memory_is() => Assert.That(
        Table().Total(Lines, new HostTotals(65536 * 1024, 32768 * 1024, 4096 * 1024, 72 * 1024)),
        Is.EqualTo("6 domains, 2 need attention. Host 64.0G: domains 24.5G, hypervisor 7.50G, free 32.0G (4.00G claimed, 72.0M reserved)."));

    [Test]
    public void Without_a_daemon_the_last_line_is_short() => Assert.That(Table().Total([Lines[1]], null), Is.EqualTo("1 domain, none needs attention."));

    [Test]
    public void Attention_comes_first_when_it_is_the_order() =>
        Assert.That(DomainOrder.Sort(Lines, ["attention"]).Select(line => line.Name), Is.EqualTo(new[] { "old", "mail", "db", "web-1", "theirs", "Domain-0" }));

    [Test]
    public void A_minus_reverses_a_column_and_what_is_unknown_comes_last()
    {
        Assert.That(DomainOrder.Sort(Lines, ["target"]).Select(line => line.Domid), Is.EqualTo(new[] { 1, 2, 4, 3, 0, 5 }));
        Assert.That(DomainOrder.Sort(Lines, ["-target"]).Select(line => line.Domid), Is.EqualTo(new[] { 3, 4, 2, 1, 0, 5 }));
    }

    [Test]
    public void A_target_that_waits_needs_attention_but_not_while_a_run_works_on_it()
    {
        var waiting = Lines[1] with { WaitingFor = ["host memory"] };

        Assert.That(DomainOrder.NeedsAttention(waiting), Is.True);
        Assert.That(DomainOrder.NeedsAttention(waiting with { Outcome = "running" }), Is.False);
    }

    private static DomainTable Table() => new(Units.Short, everyReason: false, Now);

    private static string Shown(int width)
    {
        using var output = new StringWriter();
        new Screen(output, new TerminalLook(false, false), width).Print(Table().Of(Lines));
        return output.ToString();
    }

    private static DomainLine Line(int domid, string name, string? outcome = null, long? footprint = null, long? target = null, string? actor = null, string? since = null, string? reason = null) =>
        new(domid, name, target * 1024, footprint * 1024, null, outcome, actor, actor is null or "squeezed" ? 0 : 1, since, reason);
}
