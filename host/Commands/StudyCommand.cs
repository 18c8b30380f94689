using System.CommandLine;
using Actors.Chains.Files;
using Actors.Cli.CommandLine;
using Actors.Cli.Presentation;
using Actors.Host.Daemon;
using Actors.Host.Settings;
using Actors.Host.Studies;
using Actors.Host.Studies.Pages;
using Actors.Sdk.Text;
using Actors.Sim.Studies;
using Actors.Sim.Studies.Yaml;

namespace Actors.Host.Commands;

/// <summary><c>actors study</c>: plays variants of a simulated world and shows what each costs the guests.</summary>
internal static class StudyCommand
{
    private const int MostJobs = 256;

    private static readonly HostOptions Standard = new();

    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "The study, as YAML" }.AsPath();
        var jobs = CheckedOptions.Number("--jobs", 1, MostJobs, Math.Min(MostJobs, Environment.ProcessorCount));
        jobs.Description = "How many runs are played at a time; the result does not depend on it. Default: one for each processor";
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var csv = new Option<bool>("--csv") { Description = "Print every value of every run as CSV" };
        var page = OutputFile.Option("--report", "Also write everything, with charts, to one page of HTML that needs no network");
        var plots = new Option<string?>("--plot") { Description = "Also write each chart to this folder, as PNG and SVG", HelpName = "DIR" }.AsPath();
        var policies = FolderOptions.Policies();
        var plugins = FolderOptions.Plugins();
        var command = new Command("study", "Play variants of a simulated world, and compare what each costs the guests; needs no daemon")
        {
            file, jobs, json, csv, page, plots, policies, plugins,
        };
        var tables = new TableOptions();
        tables.AddTo(command);
        command.Validators.Add(arguments =>
        {
            if (arguments.GetValue(json) && arguments.GetValue(csv))
                arguments.AddError("--json and --csv exclude each other");
        });
        command.SetAction((arguments, stop) => Terminal.GuardAsync(() =>
        {
            var options = Standard with
            {
                PolicyFolder = arguments.GetValue(policies)!,
                PluginFolder = arguments.GetValue(plugins)!,
                Scripts = ScriptProcesses.ForCommand,
                KeepsScripts = true,
            };
            var study = Read(arguments.GetValue(file)!, options.PolicyFolder);
            var (pagePath, plotFolder) = (arguments.GetValue(page), arguments.GetValue(plots));
            var results = Play(study, options, arguments.GetValue(jobs), overTime: (pagePath ?? plotFolder) is not null, stop);
            var report = StudyReport.Of(study, results);
            var charts = StudyCharts.Of(study, results);
            if (pagePath is not null)
                OutputFile.Write(pagePath, StudyPage.Write(report, charts));
            if (plotFolder is not null)
                Terminal.Message($"actors: {Count.Of(PlotFolder.Write(plotFolder, charts), "chart")} in {plotFolder}, as PNG and SVG");
            if (arguments.GetValue(json))
                Terminal.Json(report, StudyJson.Default.StudyReport);
            else if (arguments.GetValue(csv))
                StudyView.Csv(report).ToList().ForEach(Terminal.Line);
            else
                Print(report, tables, arguments);
            return Task.FromResult(End(report));
        }));
        return command;
    }

    private static Study Read(string file, string policies)
    {
        try
        {
            return StudyFile.Load(file, Names(policies));
        }
        catch (StudyException error)
        {
            throw new CommandException(ExitCode.InvalidConfiguration, error.Problems.Select(problem => problem.ToString()));
        }
    }

    private static IReadOnlyCollection<string> Names(string policies) => !Directory.Exists(policies)
        ? []
        : [.. PolicyFile.In(policies).Where(file => PolicyFile.KindOf(file) != PolicyFileKind.Test).Select(PolicyFile.NameOf)];

    private static IReadOnlyList<StudyResult> Play(Study study, HostOptions options, int jobs, bool overTime, CancellationToken stop)
    {
        using var progress = ProgressLine.TryOpen();
        var runs = study.Cases.Count;
        void Show(int done) => progress?.Show(StudyProgress.Text(done, runs));
        Show(0);
        return StudyBatch.Play(study, options, jobs, overTime, Show, stop);
    }

    private static void Print(StudyReport report, TableOptions tables, ParseResult arguments)
    {
        tables.PrintBelow(StudyView.Summary(report), arguments);
        tables.Print(StudyView.Measures(report), arguments);
        if (report.Expectations.Count == 0)
            return;
        tables.PrintBelow("What must hold:", arguments);
        tables.Print(StudyView.Expectations(report), arguments);
    }

    private static int End(StudyReport report)
    {
        foreach (var failure in report.Failures)
            Terminal.Message($"actors: {failure.Variant} with seed {failure.Seed} could not be played: {failure.Why}");
        if (report.RunsFinished < report.Runs)
        {
            Terminal.Message($"actors: interrupted; {report.RunsFinished} of {report.Runs} runs had finished");
            return ExitCode.Partial;
        }
        var wrong = report.Expectations.Count(expectation => !expectation.Holds);
        if (wrong > 0)
            Terminal.Message($"actors: {wrong} of {report.Expectations.Count} expectations do not hold");
        return wrong > 0 || report.Failures.Count > 0 ? ExitCode.Failed : ExitCode.Ok;
    }
}
