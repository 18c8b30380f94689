using System.Runtime.InteropServices;
using System.Text;
using Actors.Sdk;
using Actors.Xen.Calls;
using Microsoft.Win32.SafeHandles;

namespace Actors.Xen.Paging;

/// <summary>The files of one pager.</summary>
/// <param name="Page">The page file.</param>
/// <param name="Log">The log file.</param>
/// <param name="PageIns">The file with the number of page-ins.</param>
internal sealed partial record PagerFiles(string Page, string Log, string PageIns)
{
    private const int Tail = 4096;

    public Kib PageFileLength => File.Exists(Page) ? new Kib(new FileInfo(Page).Length / 1024) : Kib.Zero;

    /// <summary>
    /// Reserves space for the page file, which must exist. If its disk becomes full, xenpaging ends, and all paged-out pages are lost.
    /// </summary>
    /// <returns>Whether the space is reserved, or the file system cannot reserve space.</returns>
    public bool Reserve(Kib space)
    {
        using var file = File.OpenHandle(Page, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        return Fallocate(file, 0, 0, space.Value * 1024) == 0 || Marshal.GetLastPInvokeError() != Errno.NoSpace;
    }

    /// <summary>
    /// How many pages the guest has touched while they were paged out; <see langword="null"/> if nothing counts them (see
    /// answers/xenpaging-answers.c).
    /// </summary>
    public Pages? ReadPageIns()
    {
        if (!File.Exists(PageIns))
            return null;
        try
        {
            Span<byte> count = stackalloc byte[sizeof(long)];
            using var file = File.OpenHandle(PageIns, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.Read(file, count, 0) == count.Length ? new Pages(BitConverter.ToInt64(count)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The end of the log.</summary>
    public string ReadLogTail()
    {
        try
        {
            using var log = File.OpenRead(Log);
            log.Position = Math.Max(0, log.Length - Tail);
            using var reader = new StreamReader(log, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Removes the files of a process that has ended. The next one continues to count page-ins.</summary>
    public void RemoveOfProcess()
    {
        File.Delete(Page);
        File.Delete(Log);
    }

    /// <summary>Removes all files.</summary>
    public void Remove()
    {
        RemoveOfProcess();
        File.Delete(PageIns);
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle file, int mode, long offset, long length);
}
