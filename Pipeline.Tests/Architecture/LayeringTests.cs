using System.Reflection;
using System.Runtime.CompilerServices;

namespace Pipeline.Tests.Architecture;

public sealed class LayeringTests
{
    private static readonly Assembly Models = typeof(Pipeline.Models.Measures.FigureEngine).Assembly;
    private static readonly Assembly Reports = typeof(Pipeline.Reports.MonthReport).Assembly;
    private static readonly Assembly Jobs = typeof(Pipeline.Jobs.Shell.ExitCodes).Assembly;

    [Fact]
    public void Models_depends_on_no_other_project() =>
        Assert.DoesNotContain(Models.GetReferencedAssemblies(), a => a.Name!.StartsWith("Pipeline.", StringComparison.Ordinal));

    [Fact]
    public void Models_touches_no_file_database_network_or_console()
    {
        string[] forbidden = ["System.Console", "System.Net", "System.Data", "Npgsql", "System.IO.FileSystem", "Microsoft.AspNetCore", "System.Diagnostics.Process"];
        Assert.DoesNotContain(Models.GetReferencedAssemblies(), a => forbidden.Any(f => a.Name!.StartsWith(f, StringComparison.Ordinal)));
    }

    [Fact]
    public void Reports_depends_on_Models_alone_and_knows_no_database()
    {
        string[] names = [.. Reports.GetReferencedAssemblies().Select(a => a.Name!)];
        Assert.Equal(["Pipeline.Models"], names.Where(n => n.StartsWith("Pipeline.", StringComparison.Ordinal)));
        Assert.DoesNotContain("Npgsql", names);
    }

    [Fact]
    public void Every_class_is_sealed_static_or_made_to_be_derived_from()
    {
        // Named exceptions: a base that others derive from here.
        HashSet<string> bases = [.. Types().Select(t => t.BaseType?.Name).OfType<string>()];
        IEnumerable<string> open = Types()
            .Where(t => t is { IsClass: true, IsSealed: false, IsAbstract: false } && !bases.Contains(t.Name))
            .Select(t => t.FullName!);
        Assert.Empty(open);
    }

    [Fact]
    public void Every_struct_is_readonly()
    {
        IEnumerable<string> mutable = Types()
            .Where(t => t is { IsValueType: true, IsEnum: false, IsNested: false } && t.GetCustomAttribute<IsReadOnlyAttribute>() is null)
            .Select(t => t.FullName!);
        Assert.Empty(mutable);
    }

    [Fact]
    public void No_folder_is_named_after_a_kind_of_class()
    {
        string[] kinds = ["Services", "Helpers", "Interfaces", "Dtos", "Utils", "Common", "Managers"];
        IEnumerable<string> found = Types().SelectMany(t => (t.Namespace ?? "").Split('.')).Where(kinds.Contains).Distinct();
        Assert.Empty(found);
    }

    private static IEnumerable<Type> Types() =>
        new[] { Models, Reports, Jobs }.SelectMany(a => a.GetTypes())
            .Where(t => t.Namespace?.StartsWith("Pipeline.", StringComparison.Ordinal) == true
                && t.GetCustomAttribute<CompilerGeneratedAttribute>() is null
                && !t.Name.Contains('<', StringComparison.Ordinal));
}
