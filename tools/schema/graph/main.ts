import { Output } from '../../generate/output.ts';
import { root } from '../../workspace.ts';
import { Repository } from '../repository.ts';
import { graphFiles } from './write.ts';

const output = new Output(false);
for (const [file, text] of await graphFiles(new Repository(root))) output.write(file, text);
console.log(output.changed.length > 0 ? `drawn: ${output.changed.join(', ')}` : 'The picture shows what the code says.');
