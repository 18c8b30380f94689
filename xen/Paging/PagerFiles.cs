using System.Runtime.InteropServices;
using System.Text;
using Actors.Sdk;
using Actors.Xen.Calls;
using Microsoft.Win32.SafeHandles;

namespace Actors.Xen.Paging;

/// <summary>The files of one pager.</summary>
/// <param name="Page">The page file.</param>
/// <param name="Log">The log file.</param>
internal sealed partial record PagerFiles(string Page, string Log)
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

    public void Remove()
    {
        File.Delete(Page);
        File.Delete(Log);
    }

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle file, int mode, long offset, long length);
}
