"""A file of pictures outlives crashes wherever they come, whoever else writes it, and is known quickly."""

from __future__ import annotations

import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from seamline.analysis.picture_file import PictureFile, PictureFileReader, PictureKind
from seamline.media.cascade import PictureSpec

KIND = PictureKind(b"SEAMTEST", "The pictures of this test")


class TestManyPictures:
    """Files of several groups, as long films have."""

    SPEC = PictureSpec(4, 2)

    def data(self, number: int) -> bytes:
        return f"picture {number} ".encode() * (1 + number % 5)

    def written(self, path: Path, count: int) -> PictureFile:
        file = PictureFile(path, KIND, self.SPEC)
        start = file.begin()
        for first in range(start, count, 100):
            file.append(first, [self.data(n) for n in range(first, min(first + 100, count))])
        assert file.count == count
        return file

    def test_all_are_found(self, tmp_path: Path) -> None:
        path = tmp_path / "many"
        self.written(path, 1000)
        reader = PictureFileReader(path, KIND)
        for number in range(1000):
            assert reader.bytes_at(number) == (number, self.data(number))
        assert reader.bytes_at(1000) == (999, self.data(999))

    @pytest.mark.parametrize("count", [255, 256, 257, 512, 700])
    def test_a_torn_tail_is_cut_off_wherever_it_tears(self, count: int, tmp_path: Path) -> None:
        path = tmp_path / "torn"
        self.written(path, count)
        kept = path.read_bytes()
        self.written(path, count + 3)
        whole = path.read_bytes()
        for size in {len(kept), len(kept) + 1, (len(kept) + len(whole)) // 2, len(whole) - 1}:
            path.write_bytes(whole[:size])
            again = PictureFile(path, KIND, self.SPEC)
            start = again.begin()
            assert count <= start < count + 3
            self.written(path, count + 3)
            assert path.read_bytes() == whole

    def test_a_picture_without_its_entry_was_never_there(self, tmp_path: Path) -> None:
        """Killed between the two writes."""
        path = tmp_path / "killed"
        self.written(path, 300)
        kept = path.read_bytes()
        path.write_bytes(kept + self.data(300))
        assert PictureFile(path, KIND, self.SPEC).begin() == 300
        assert path.read_bytes() == kept

    def test_a_killed_writer_leaves_whole_pictures(self, tmp_path: Path) -> None:
        path = tmp_path / "killed"
        script = (
            "import sys; from pathlib import Path; from seamline.media.cascade import PictureSpec\n"
            "from seamline.analysis.picture_file import PictureFile, PictureKind\n"
            "file = PictureFile(Path(sys.argv[1]), PictureKind(b'SEAMTEST', ''), PictureSpec(4, 2))\n"
            "number = file.begin()\n"
            "while True:\n"
            "    file.append(number, [f'picture {n} '.encode() * (1 + n % 5) for n in range(number, number + 50)])\n"
            "    number += 50\n"
        )
        found = 0
        for more in (1, 3_000):
            writer = subprocess.Popen([sys.executable, "-c", script, str(path)])
            try:
                reader = PictureFileReader(path, KIND)
                until_s = time.monotonic() + 30
                while (reader.shown_frame(10**6) or 0) < found + more and time.monotonic() < until_s:
                    time.sleep(0.005)
            finally:
                writer.kill()  # SIGKILL: nothing is tidied up
                writer.wait()
            start = PictureFile(path, KIND, self.SPEC).begin()
            assert start >= found + more
            found = start
        reader = PictureFileReader(path, KIND)
        assert all(reader.bytes_at(n) == (n, self.data(n)) for n in range(found))

    def test_an_entry_without_its_picture_is_found_out(self, tmp_path: Path) -> None:
        """A power cut may keep the table and lose the pictures."""
        path = tmp_path / "lost"
        self.written(path, 600)
        whole = path.read_bytes()
        for lost in (50, 3_000, 12_000):
            path.write_bytes(whole[:-lost] + bytes(lost))
            start = PictureFile(path, KIND, self.SPEC).begin()
            assert 0 < start < 600
            reader = PictureFileReader(path, KIND)
            assert reader.bytes_at(599) == (start - 1, self.data(start - 1))
            self.written(path, 600)
            assert path.read_bytes() == whole

    def test_only_the_tail_is_read_again(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A gigabyte must not be read whole to go on with it; a damaged picture is found out when it is shown."""
        monkeypatch.setattr("seamline.analysis.picture_file._CHECKED_BYTES", 2_000)
        path = tmp_path / "long"
        self.written(path, 1000)
        at = path.read_bytes().index(self.data(500))
        with path.open("r+b") as file:
            file.seek(at)
            file.write(b"damaged")
        checked: list[int] = []
        crc = zlib.crc32
        monkeypatch.setattr(
            "seamline.analysis.picture_file.zlib.crc32", lambda d, n: checked.append(n) or crc(d, n)
        )
        assert PictureFile(path, KIND, self.SPEC).begin() == 1000
        assert min(checked) > 900
        reader = PictureFileReader(path, KIND)
        assert reader.bytes_at(500) is None
        assert reader.bytes_at(501) == (501, self.data(501))

    def test_where_the_whole_tail_is_lost_what_is_before_it_is_looked_at(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("seamline.analysis.picture_file._CHECKED_BYTES", 500)
        path = tmp_path / "lost"
        self.written(path, 1000)
        whole = path.read_bytes()
        path.write_bytes(whole[:-8_000] + bytes(8_000))
        start = PictureFile(path, KIND, self.SPEC).begin()
        assert 0 < start < 1000
        reader = PictureFileReader(path, KIND)
        assert all(reader.bytes_at(n) == (n, self.data(n)) for n in range(start))
        self.written(path, 1000)
        assert path.read_bytes() == whole

    def test_two_programs_complete_one_file(self, tmp_path: Path) -> None:
        path, alone = tmp_path / "two", tmp_path / "alone"
        files = [PictureFile(path, KIND, self.SPEC) for _ in range(2)]
        for file in files:
            file.begin()
        heads = [0, 0]
        for turn in range(60):
            which = turn * 7 % 3 % 2
            first = heads[which]
            files[which].append(first, [self.data(n) for n in range(first, first + 23)])
            heads[which] = first + 23
        self.written(alone, max(heads))
        assert path.read_bytes() == alone.read_bytes()

    def test_another_kind_is_begun_anew(self, tmp_path: Path) -> None:
        path = tmp_path / "kind"
        self.written(path, 300)
        other = PictureFile(path, PictureKind(b"SEAMELSE", "Others"), self.SPEC)
        assert other.count == 0
        assert other.begin() == 0
        other.append(0, [b"new"])
        assert PictureFileReader(path, KIND).bytes_at(0) is None
        assert PictureFileReader(path, PictureKind(b"SEAMELSE", "Others")).bytes_at(0) == (0, b"new")
