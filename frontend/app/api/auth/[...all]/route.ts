import { answerAuth } from '../../../lib/auth/answer.ts';

export { answerAuth as GET, answerAuth as POST };
