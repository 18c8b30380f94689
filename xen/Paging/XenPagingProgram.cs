using System.Diagnostics;
using System.Globalization;
using Actors.Sdk;

namespace Actors.Xen.Paging;

/// <summary>Starts and finds pager processes.</summary>
internal interface IPagingProgram
{
    /// <summary>The reason if xenpaging is not available on this host; <see langword="null"/> if it is.</summary>
    string? WhyNot { get; }

    /// <summary>The path of the program; <see langword="null"/> if it is not installed.</summary>
    string? Path { get; }

    /// <param name="domid">The domain.</param>
    /// <param name="most">The most memory that the domain may ever hold.</param>
    /// <param name="files">Its files.</param>
    IPagerProcess Start(int domid, Kib most, PagerFiles files);

    /// <summary>Finds the pager of a domain, even if an earlier host started it; <see langword="null"/> if there is none.</summary>
    IPagerProcess? Find(int domid);
}

/// <summary>The real xenpaging.</summary>
internal sealed class XenPagingProgram : IPagingProgram
{
    /// <summary>
    /// The library that completes the responses of xenpaging and counts page-ins (see answers/xenpaging-answers.c). Without it, a guest hangs
    /// when it touches a paged-out page. It is published next to the program.
    /// </summary>
    public static string Answers { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "libxenpaging-answers.so");

    // Searched on each call, so that the host need not be restarted after xenpaging is installed.
    public string? Path => Find();

    public string? WhyNot => Path is null ? "xenpaging is not installed; on Debian it is in the package xen-utils of the hypervisor's version" : null;

    public IPagerProcess Start(int domid, Kib most, PagerFiles files)
    {
        // The output goes to a file: a pipe would close when this process ends, and the pager would end, too. The pager gets its own session, so
        // that it does not receive the Ctrl-C that ends this process.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (var argument in new[] { "-c", "exec setsid \"$1\" -d \"$2\" -m \"$3\" -f \"$4\" </dev/null >\"$5\" 2>&1", "sh", Path ?? "xenpaging", Number(domid), Number(most.Value), files.Page, files.Log })
            start.ArgumentList.Add(argument);
        if (File.Exists(Answers))
        {
            start.Environment["LD_PRELOAD"] = Answers;
            start.Environment["ACTORS_PAGE_INS"] = files.PageIns;
        }
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

    /// <summary>Whether a command line belongs to a pager of the domain.</summary>
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

    // After an upgrade, a host may have the tools of two versions. Only those for the running hypervisor work.
    private static string? Find()
    {
        var running = $"/usr/lib/xen-{RunningVersion()}";
        var versioned = Directory.EnumerateDirectories("/usr/lib", "xen-*").OrderBy(folder => folder != running).ThenBy(folder => folder, StringComparer.Ordinal)
            .Select(folder => $"{folder}/bin");
        return versioned.Concat(["/usr/libexec/xen/bin", "/usr/lib/xen/bin", "/usr/local/lib/xen/bin", "/usr/sbin", "/usr/local/sbin"])
            .Select(folder => $"{folder}/xenpaging")
            .FirstOrDefault(IsProgram);
    }

    // File.Exists is true even for a dangling link.
    private static bool IsProgram(string path) => File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false };

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
