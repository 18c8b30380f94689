using System.Text;
using Actors.Sdk;

namespace Actors.Xen.Paging;

/// <summary>The files of one pager.</summary>
/// <param name="Page">What it has paged out.</param>
/// <param name="Log">What it says.</param>
internal sealed record PagerFiles(string Page, string Log)
{
    private const int Tail = 4096;

    public Kib PageFileLength => File.Exists(Page) ? new Kib(new FileInfo(Page).Length / 1024) : Kib.Zero;

    public long LogLength => File.Exists(Log) ? new FileInfo(Log).Length : 0;

    /// <summary>Its last words, of those said since the log had that length.</summary>
    public string Words(long since = 0)
    {
        try
        {
            using var log = File.OpenRead(Log);
            log.Position = Math.Max(Math.Min(since, log.Length), log.Length - Tail);
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
}
