namespace Actors.Dispatch.Files;

/// <summary>The kind of a file.</summary>
internal enum FileKind
{
    File,
    Folder,
    Link,
    Other,
}
