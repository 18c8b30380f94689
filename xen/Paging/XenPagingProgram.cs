using System.Diagnostics;
using System.Globalization;
using Actors.Sdk;

namespace Actors.Xen.Paging;

/// <summary>Starts and finds pagers.</summary>
internal interface IPagingProgram
{
    /// <summary>Why there is none on this host; <see langword="null"/> when there is one.</summary>
    string? WhyNot { get; }

    /// <summary>Where it is; <see langword="null"/> when there is none.</summary>
    string? Path { get; }

    /// <param name="domid">The domain.</param>
    /// <param name="most">The most that it may come to hold.</param>
    /// <param name="pageFile">Where it pages to.</param>
    /// <param name="logFile">Where its words go.</param>
    IPagerProcess Start(int domid, Kib most, string pageFile, string logFile);

    /// <summary>The one that pages a domain already, from an earlier host; <see langword="null"/> when none does.</summary>
    IPagerProcess? Find(int domid);
}

/// <summary>The real xenpaging.</summary>
internal sealed class XenPagingProgram : IPagingProgram
{
    /// <summary>
    /// Completes what xenpaging answers (see answers/xenpaging-answers.c); without it a guest that touches a page that is paged out stands still.
    /// It is published beside the program.
    /// </summary>
    public static string Answers { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "libxenpaging-answers.so");

    // Looked for each time: whoever installs it need not start the host again.
    public string? Path => Find();

    public string? WhyNot => Path is null ? "xenpaging is not installed; on Debian it is in the package xen-utils of the hypervisor's version" : null;

    public IPagerProcess Start(int domid, Kib most, string pageFile, string logFile)
    {
        // Its words go to a file and not to a pipe: a pipe would end with this process, and take the pager with it. A session of its own,
        // because the Ctrl-C that ends this process would reach it, too.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in new[] { "-c", "exec setsid \"$1\" -d \"$2\" -m \"$3\" -f \"$4\" </dev/null >\"$5\" 2>&1", "sh", Path ?? "xenpaging", Number(domid), Number(most.Value), pageFile, logFile })
            start.ArgumentList.Add(argument);
        if (File.Exists(Answers))
            start.Environment["LD_PRELOAD"] = Answers;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("no process was started");
        return new PagerProcess(process.Id);
    }

    public IPagerProcess? Find(int domid)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && IsPagerOf(domid, CommandLine(folder)))
                return new PagerProcess(pid);
        }
        return null;
    }

    /// <summary>Whether a command line is that of a pager of the domain.</summary>
    public static bool IsPagerOf(int domid, IReadOnlyList<string> commandLine)
    {
        if (commandLine.Count == 0 || System.IO.Path.GetFileName(commandLine[0]) != "xenpaging")
            return false;
        for (var index = 1; index < commandLine.Count - 1; index++)
            if (commandLine[index] is "-d" && commandLine[index + 1] == Number(domid))
                return true;
        return commandLine.Contains($"--domain={Number(domid)}") || commandLine.Contains($"-d{Number(domid)}");
    }

    private static string[] CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // A host that was upgraded may have the tools of two versions, and only those of the hypervisor's own will do.
    private static string? Find()
    {
        var running = $"/usr/lib/xen-{RunningVersion()}";
        var versioned = Directory.EnumerateDirectories("/usr/lib", "xen-*").OrderBy(folder => folder != running).ThenBy(folder => folder, StringComparer.Ordinal)
            .Select(folder => $"{folder}/bin");
        return versioned.Concat(["/usr/libexec/xen/bin", "/usr/lib/xen/bin", "/usr/local/lib/xen/bin", "/usr/sbin", "/usr/local/sbin"])
            .Select(folder => $"{folder}/xenpaging")
            .FirstOrDefault(IsThere);
    }

    // A link that leads nowhere exists, too.
    private static bool IsThere(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false };

    private static string RunningVersion()
    {
        try
        {
            return $"{File.ReadAllText("/sys/hypervisor/version/major").Trim()}.{File.ReadAllText("/sys/hypervisor/version/minor").Trim()}";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
