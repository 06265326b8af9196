-- What the company owned before the first customer came.

insert into kategori (nama, urutan)
values ('Minuman', 1), ('Makanan ringan', 2), ('Sembako', 3), ('Kebersihan', 4), ('Alat tulis', 5), ('Beku', 6);
insert into kategori (nama, induk_id, urutan)
select k.nama || ' ' || j.jenis, k.id, k.urutan * 10 + j.n
from kategori k, (values ('lokal', 1), ('impor', 2)) j (jenis, n)
order by k.id, j.n;

insert into pemasok (nama, telepon, alamat)
select 'PT ' || n.nama, '021-555' || lpad(i::text, 4, '0'),
    jsonb_build_object('kota', 'Jakarta', 'jalan', 'Jl. Merdeka ' || i, 'kontak', jsonb_build_array('telepon', 'surel'))
from unnest(array['Sumber Rejeki', 'Maju Jaya', 'Tiga Roda', 'Nusantara', 'Surya Abadi', 'Bintang Laut'])
    with ordinality as n (nama, i);

insert into produk (sku, nama, kategori_id, pemasok_id, harga, biaya, berat_kg, label, atribut, gambar)
select 'SKU-' || lpad(i::text, 6, '0'),
    (array['Kopi', 'Teh', 'Gula', 'Beras', 'Minyak', 'Sabun', 'Kecap', 'Mi instan', 'Biskuit', 'Kerupuk'])[1 + i % 10]
        || ' ' || (array['Cap Gajah', 'Cap Kapal', 'Super', 'Hemat', 'Istimewa', 'Bu Tini'])[1 + (i / 10) % 6] || ' ' || i,
    1 + i % 18, 1 + i % 6, (500 + (i * 7919) % 95000)::numeric, (400 + (i * 7919) % 76000) + 0.125,
    case when i % 5 = 0 then null else (i % 40) / 8.0 end,
    case i % 3 when 0 then array['laris', 'promo'] when 1 then array['kecil'] else '{}'::text[] end,
    case when i % 4 = 0 then null
        else jsonb_build_object('halal', true, 'isi', i % 24, 'nilai', jsonb_build_array(i, null, i / 3.0)) end,
    case when i % 50 = 0 then decode(repeat(md5(i::text), 40), 'hex') end
from generate_series(1, 400) i;

insert into outlet (kode, nama, kota, lokasi, jam_buka, jam_tutup, dibuka, pajak, alamat_ip)
select 'W' || lpad(i::text, 3, '0'), 'Warung ' || k.kota, k.kota, point(106 + i / 7.0, -6 - i / 9.0), '07:00', '21:30',
    date '2015-01-01' + 97 * i::integer, 0.11, ('10.0.' || i || '.1')::inet
from unnest(array['Jakarta', 'Bandung', 'Surabaya', 'Yogyakarta', 'Medan', 'Makassar', 'Denpasar', 'Padang'])
    with ordinality as k (kota, i);

insert into pegawai (outlet_id, nama, jabatan, gaji, cuti)
select o.id, (array['Sari', 'Budi', 'Dewi', 'Agus', 'Wati'])[n] || ' ' || o.kota,
    (array['kepala', 'gudang', 'kasir', 'kasir', 'kasir'])[n]::jabatan, 4000000 + 250000 * (6 - n),
    case when n = 2 then daterange('2026-03-01', '2026-03-08') end
from outlet o, generate_series(1, 5) n;

insert into pelanggan (nama, telepon, surel, lahir, poin, preferensi, masa_tenggang)
select (array['Ani', 'Joko', 'Putri', 'Rizky', 'Ayu', 'Dimas', 'Fitri'])[1 + i % 7] || ' ' || i, '0812' || lpad(i::text, 8, '0'),
    case when i % 3 = 0 then null else 'pelanggan' || i || '@contoh.id' end, date '1960-01-01' + (i * 37) % 16000,
    i % 500, jsonb_build_object('kabar', i % 2 = 0), case when i % 10 = 0 then make_interval(months => 1, days => i % 28) end
from generate_series(1, 600) i;

insert into promo (nama, berlaku, jam, potongan, produk_ids, syarat)
select 'Promo ' || i, daterange(date '2026-01-01' + 7 * i, date '2026-01-08' + 7 * i), int4range(9, 9 + i), 2.5 * i,
    array[i, 2 * i, 3 * i]::bigint[], jsonb_build_object('minimum', 10000 * i)
from generate_series(1, 8) i;

insert into stok (outlet_id, produk_id, jumlah)
select o.id, p.id, 200 + (p.id * 13 + o.id) % 300
from outlet o, produk p;

insert into pergerakan_stok (outlet_id, produk_id, jenis, jumlah)
select outlet_id, produk_id, 'saldo awal', jumlah
from stok;
