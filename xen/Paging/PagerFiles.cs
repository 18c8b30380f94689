using System.Runtime.InteropServices;
using System.Text;
using Actors.Sdk;
using Actors.Xen.Calls;
using Microsoft.Win32.SafeHandles;

namespace Actors.Xen.Paging;

/// <summary>The files of one pager.</summary>
/// <param name="Page">What it has paged out.</param>
/// <param name="Log">What it says.</param>
internal sealed partial record PagerFiles(string Page, string Log)
{
    private const int Tail = 4096;

    public Kib PageFileLength => File.Exists(Page) ? new Kib(new FileInfo(Page).Length / 1024) : Kib.Zero;

    /// <summary>
    /// Takes room for the page file, which is there: xenpaging that finds its disk full ends, and what is out is lost with it.
    /// </summary>
    /// <returns>Whether there was room, or the file system takes none in advance.</returns>
    public bool Reserve(Kib room)
    {
        using var file = File.OpenHandle(Page, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        return Fallocate(file, 0, 0, room.Value * 1024) == 0 || Marshal.GetLastPInvokeError() != Errno.NoSpace;
    }

    /// <summary>Its last words.</summary>
    public string Words()
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
